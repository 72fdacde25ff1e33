import { account, expect, knock, makeMeeting, signIn, test } from "./people.ts";
import { choose, decodedFrames, endForAll, inCall, leave, remove, tiles } from "./room.ts";

test("a host signs in and starts a meeting, a guest joins, and both see and write to each other", async ({
  people,
}) => {
  test.info().annotations.push({
    type: "media",
    description: process.env.LIVEKIT_SERVER_BIN ? "through a real LiveKit server" : "through the stand-in for LiveKit",
  });
  const host = await people.guest();
  await host.goto("/");
  await signIn(host, account);
  await expect(host.getByRole("heading", { name: "My meetings" })).toBeVisible();
  await host.getByRole("button", { name: "Start now" }).click();
  await expect(host).toHaveURL(/\/join\//);
  const code = new URL(host.url()).pathname.split("/")[2] ?? "";
  await expect(host.getByLabel("Your name")).toHaveValue(account.name);
  await host.getByRole("button", { name: "Join", exact: true }).click();
  await expect(leave(host)).toBeVisible();

  const guest = await people.guest();
  const asksToJoin = Date.now();
  await knock(guest, code, "Grace Hopper");
  await expect(leave(guest)).toBeVisible();
  const isIn = Date.now();
  await expect(tiles(host)).toHaveCount(2);
  await expect(tiles(guest)).toHaveCount(2);
  await expect(tiles(host).getByText("Grace Hopper", { exact: true })).toBeVisible();
  await expect(tiles(guest).getByText(account.name, { exact: true })).toBeVisible();
  await expect.poll(() => decodedFrames(host)).toBeGreaterThan(0);
  await expect.poll(() => decodedFrames(guest)).toBeGreaterThan(0);

  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Write to everyone").fill("Good morning");
  await guest.getByRole("button", { name: "Send" }).click();
  await expect(guest.getByRole("log", { name: "Messages" })).toContainText("Good morning");
  await host.getByRole("button", { name: "Chat, one new message" }).click();
  await expect(host.getByRole("log", { name: "Messages" })).toContainText("Grace Hopper");
  await expect(host.getByRole("log", { name: "Messages" })).toContainText("Good morning");

  // As if an hour and two minutes more had passed.
  await guest.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3_720_000;
  });
  const least = (Date.now() - isIn) / 1000;
  await leave(guest).click();
  await expect(guest.getByRole("heading", { name: "You left the meeting" })).toBeVisible();
  const summary = await guest.getByText(/^You were in “/).innerText();
  const [, minutes, seconds] =
    /^You were in “Meeting of .*” for one hour (\d+) minutes (\d+|one) seconds?\.$/.exec(summary) ?? [];
  const told = Number(minutes) * 60 + (seconds === "one" ? 1 : Number(seconds));
  expect(told, summary).toBeGreaterThanOrEqual(120 + Math.floor(least));
  expect(told, summary).toBeLessThanOrEqual(120 + (Date.now() - asksToJoin) / 1000);
  await expect(tiles(host)).toHaveCount(1);
});

test("a guest waits, is let in, raises a hand, is muted, is removed; another sees the meeting end", async ({
  people,
}) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Round table", { lobby: "guests" });
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  await host.getByRole("button", { name: "One person" }).click();

  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await expect(guest.getByRole("status")).toContainText("will let you in");
  await host.getByRole("button", { name: "Let in Grace Hopper" }).click();
  await expect(leave(guest)).toBeVisible();
  await expect(inCall(host)).toContainText("Grace Hopper");

  await guest.getByRole("button", { name: "Raise your hand" }).click();
  await expect(inCall(host).getByLabel("Hand raised, number 1")).toBeVisible();
  await choose(host, "Grace Hopper", "Lower the hand");
  await expect(guest.getByRole("button", { name: "Raise your hand" })).toBeVisible();

  await choose(host, "Grace Hopper", "Turn the microphone off");
  await expect(guest.getByRole("button", { name: "Turn the microphone on" }).first()).toBeVisible();
  await expect(guest.getByRole("log", { name: "What happens" })).toContainText("A host turned your microphone off");

  await remove(host, "Grace Hopper");
  await expect(guest.getByRole("heading", { name: "A host removed you" })).toBeVisible();
  await expect(guest.getByText("If you come again, you wait until a host lets you in.")).toBeVisible();
  await expect(tiles(host)).toHaveCount(1);

  const other = await people.guest();
  await knock(other, code, "Alan Turing");
  await host.getByRole("button", { name: "Let in Alan Turing" }).click();
  await expect(tiles(host)).toHaveCount(2);
  await endForAll(host);
  await expect(other.getByRole("heading", { name: "The meeting has ended" })).toBeVisible();
  await expect(host.getByRole("heading", { name: "The meeting has ended" })).toBeVisible();
});

test("who is let in and not connected yet when the meeting ends is told that it has ended", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Short one");
  await knock(host, code, account.name);
  await expect(tiles(host)).toHaveCount(1);

  // Of a meeting that is over, everything is refused.
  people.watch.allow(/status of 40[34]|WebSocket connection .* failed/);
  let connect = () => undefined as void;
  const hasEnded = new Promise<void>((resolve) => (connect = resolve));
  const late = await people.guest();
  await late.routeWebSocket(/\/rtc\//, async (socket) => {
    await hasEnded;
    socket.connectToServer();
  });
  await knock(late, code, "Alan Turing");
  await expect(late.getByRole("button", { name: "Join", exact: true })).toBeHidden();
  await endForAll(host);
  await expect(host.getByRole("heading", { name: "The meeting has ended" })).toBeVisible();
  connect();
  await expect(late.getByRole("heading", { name: "The meeting has ended" })).toBeVisible();
});
