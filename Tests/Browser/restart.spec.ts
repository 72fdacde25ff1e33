import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { decodedFrames, inCall, leave, tiles } from "./room.ts";

test("a call goes on while the server restarts, and its page catches up", async ({ people }) => {
  // Several browsers are much for a small machine.
  test.slow();
  const host = await people.host();
  const code = await makeMeeting(host, "Through a restart", { lobby: "guests" });
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  await host.getByRole("button", { name: "One person" }).click();
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await host.getByRole("button", { name: "Let in Grace Hopper" }).click();
  await expect.poll(() => decodedFrames(guest)).toBeGreaterThan(0);

  await guest.getByRole("button", { name: "Chat", exact: true }).click();
  const message = guest.getByLabel("Write to everyone");
  await message.fill("Does it go on?");

  // While the API is away requests wait; what happened meanwhile is told when it is back.
  people.watch.allow(/ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE|NETWORK_CHANGED)/);
  const before = await decodedFrames(guest);
  const restart = host.request.post("/control/restart");
  await guest.getByRole("button", { name: "Raise your hand" }).click();
  await message.press("Enter");
  expect((await restart).status()).toBe(200);
  await expect(inCall(host).getByLabel("Hand raised, number 1")).toBeVisible();
  await expect(guest.getByRole("button", { name: "Lower your hand" })).toBeVisible();
  await expect(host.getByRole("button", { name: "Chat, one new message" })).toBeVisible();

  const other = await people.guest();
  await knock(other, code, "Alan Turing");
  await host.getByRole("button", { name: "Let in Alan Turing" }).click();
  await expect(leave(other)).toBeVisible();
  await expect(tiles(guest)).toHaveCount(3);
  await expect.poll(() => decodedFrames(guest)).toBeGreaterThan(before);
  // Nobody was told of a trouble that they didn't have.
  for (const page of [host, guest]) {
    await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
    await expect(page.getByText("Connecting again")).toHaveCount(0);
  }
});
