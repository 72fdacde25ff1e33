import { account, expect, knock, makeAccount, makeMeeting, signIn, test } from "./people.ts";
import { choose, inCall, leave, remove, tiles } from "./room.ts";

test("a host mutes everyone, stops a camera, locks the door, sets rights and hands over", async ({ people }) => {
  const host = await people.host({ permissions: ["camera", "microphone", "clipboard-read", "clipboard-write"] });
  const code = await makeMeeting(host, "Chaired");
  await knock(host, code, account.name);
  await host.getByRole("button", { name: "One person" }).click();
  await host.getByRole("complementary").getByRole("button", { name: "Copy link" }).click();
  expect(await host.evaluate(() => navigator.clipboard.readText())).toBe(host.url());
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await expect(inCall(host)).toContainText("Grace Hopper");
  const told = guest.getByRole("log", { name: "What happens" });
  await expect(guest.getByRole("button", { name: "Turn the microphone off" })).toBeVisible();

  await host.getByRole("button", { name: "Mute all" }).click();
  await expect(told).toContainText("A host turned your microphone off");
  await expect(guest.getByRole("button", { name: "Turn the microphone on" }).first()).toBeVisible();
  await choose(host, "Grace Hopper", "Turn the camera off");
  await expect(told).toContainText("A host turned your camera off");
  await expect(guest.getByRole("button", { name: "Turn the camera on" })).toBeVisible();

  await host.getByRole("button", { name: "Who may …" }).click();
  await host.getByRole("dialog").getByLabel("Write in the chat").selectOption("Hosts");
  await host.keyboard.press("Escape");
  await guest.getByRole("button", { name: "Chat" }).click();
  await expect(guest.getByText("You can't write in this meeting.")).toBeVisible();

  await host.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(host.getByRole("button", { name: "Unlock" })).toBeVisible();
  people.watch.allow(/409 \(Conflict\).*api\/v1\/join/);
  const late = await people.guest();
  await knock(late, code, "Alan Turing");
  await expect(late.getByText("The meeting is locked. Only hosts come in.")).toBeVisible();
  await expect(late.getByRole("alert", { name: "That didn't work" })).toContainText("locked");

  await choose(host, "Grace Hopper", "Make a host");
  await expect(told).toContainText("You are a host now");
  await guest.getByRole("button", { name: "2 people" }).click();
  await guest.getByRole("button", { name: "Unlock" }).click();
  await expect(host.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
  await late.getByRole("button", { name: "Join", exact: true }).click();
  await expect(leave(late)).toBeVisible();
  await expect(tiles(guest)).toHaveCount(3);
});

test("those who wait are turned away, or let in all together", async ({ people }) => {
  // To whoever is turned away there is nothing more to tell.
  people.watch.allow(/403 \(Forbidden\).*\/events/);
  const host = await people.host();
  const code = await makeMeeting(host, "By the door", { lobby: "guests" });
  await knock(host, code, account.name);
  await host.getByRole("button", { name: "One person" }).click();
  const pages = [await people.guest(), await people.guest(), await people.guest()] as const;
  for (const [index, page] of pages.entries()) {
    await knock(page, code, `Visitor ${index + 1}`);
    await expect(page.getByRole("status")).toContainText("will let you in");
  }
  const [away, ...others] = pages;
  await host.getByRole("button", { name: "Turn away Visitor 1" }).click();
  await expect(away.getByRole("status")).toContainText("A host has turned you away.");
  await host.getByRole("button", { name: "Let all in" }).click();
  for (const page of others) await expect(leave(page)).toBeVisible();
  await expect(tiles(host)).toHaveCount(3);
});

test("who is removed with an account stays out until a host lets them back", async ({ people }) => {
  const host = await people.host();
  const member = { email: "caroline@example.org", displayName: "Caroline Herschel", password: "eight comets found" };
  await makeAccount(host, member);
  const code = await makeMeeting(host, "Closed circle");
  await knock(host, code, account.name);
  await host.getByRole("button", { name: "One person" }).click();

  const guest = await people.guest();
  await guest.goto("/meetings");
  await signIn(guest, member);
  await expect(guest.getByRole("heading", { name: "My meetings" })).toBeVisible();
  await knock(guest, code, member.displayName);
  await expect(tiles(guest)).toHaveCount(2);
  await remove(host, member.displayName);
  await expect(guest.getByRole("heading", { name: "A host removed you" })).toBeVisible();
  await expect(guest.getByText("You can come back once a host lets you back.")).toBeVisible();

  people.watch.allow(/403 \(Forbidden\).*api\/v1\/join/);
  await knock(guest, code, member.displayName);
  await expect(guest.getByRole("alert", { name: "That didn't work" })).toContainText("removed");
  const letBack = host.getByRole("button", { name: `Let ${member.displayName} come back` });
  await letBack.click();
  await expect(letBack).toBeHidden();
  await guest.getByRole("button", { name: "Join", exact: true }).click();
  await expect(leave(guest)).toBeVisible();
  await expect(tiles(host)).toHaveCount(2);
});
