import { Crowd } from "./crowd.ts";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { decodedFrames, inCall, leave, screenOfOurs, tiles } from "./room.ts";

const names = ["Alan", "Barbara", "Carl", "Dorothy", "Edsger", "Frances", "Grace"] as const;

test("many people are seen on pages of tiles, one of them large when pinned or speaking", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Many of us");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const crowd = await Crowd.join(await people.guest(), code, names);
  const shown = tiles(host);
  await expect(shown).toHaveCount(1 + names.length);
  const pages = host.getByRole("navigation", { name: "Pages of people" });
  await expect(pages).toBeHidden();

  await host.setViewportSize({ width: 390, height: 844 });
  await expect(shown).toHaveCount(6);
  await expect(pages).toContainText("1 of 2");
  const first = await shown.allTextContents();
  await pages.getByRole("button", { name: "Next page" }).click();
  await expect(pages).toContainText("2 of 2");
  await expect(shown).toHaveCount(2);
  expect(first).not.toContain((await shown.allTextContents())[0]);
  await pages.getByRole("button", { name: "Previous page" }).click();
  await expect(shown).toHaveCount(6);

  await host.setViewportSize({ width: 1280, height: 800 });
  const large = host.getByRole("main").locator("[data-large=true]");
  await expect(large).toHaveCount(0);
  await host.getByRole("button", { name: "Pin Dorothy" }).press("Enter");
  await expect(large).toContainText("Dorothy");
  await expect(shown).toHaveCount(5);
  await expect(pages).toContainText("1 of 2");
  // A low window has fewer beside it, and all of them above the buttons.
  await host.setViewportSize({ width: 1280, height: 540 });
  await expect(shown).toHaveCount(3);
  const nextPage = await pages.boundingBox();
  const bar = await leave(host).boundingBox();
  const last = await shown.last().boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(nextPage?.y ?? 0);
  expect((nextPage?.y ?? 0) + (nextPage?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
  await host.setViewportSize({ width: 1280, height: 800 });
  await expect(shown).toHaveCount(5);
  await host.getByRole("button", { name: "Unpin Dorothy" }).press("Enter");
  await expect(large).toHaveCount(0);

  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Show who speaks large" }).click();
  for (const speaker of ["Edsger", "Barbara"] as const) {
    await crowd.speak(speaker);
    await expect(large).toContainText(speaker);
  }
  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Show all alike" }).click();
  await expect(shown).toHaveCount(1 + names.length);
});

test("raised hands stand in their order, and reactions are seen, on a phone too", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Questions");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const crowd = await Crowd.join(await people.guest(), code, names.slice(0, 3));
  await expect(tiles(host)).toHaveCount(4);
  for (const name of ["Carl", "Alan", "Barbara"]) await crowd.raiseHand(name);
  await host.getByRole("button", { name: "4 people" }).click();
  const lines = inCall(host).getByRole("listitem");
  for (const [index, name] of ["Carl", "Alan", "Barbara"].entries()) {
    await expect(lines.nth(index)).toContainText(name);
    await expect(lines.nth(index).getByRole("img", { name: `Hand raised, number ${index + 1}` })).toBeVisible();
  }

  const phone = await people.guest({ viewport: { width: 390, height: 844 } });
  await knock(phone, code, "Grace Hopper");
  await expect(leave(phone)).toBeVisible();
  await expect(tiles(host)).toHaveCount(5);
  await phone.getByRole("button", { name: "More", exact: true }).click();
  await phone.getByRole("menuitem", { name: "Applause" }).click();
  for (const page of [phone, host]) {
    await expect(page.getByRole("log", { name: "Reactions" })).toContainText("👏Grace Hopper");
  }
  await host.getByRole("button", { name: "Reactions" }).click();
  await host.getByRole("button", { name: "Thumbs up" }).click();
  await expect(phone.getByRole("log", { name: "Reactions" })).toContainText(`👍${account.name}`);
});

test("a shared screen is large for everybody until it ends", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Look at this");
  await knock(host, code, account.name);
  const guest = await people.guest();
  await guest.addInitScript(screenOfOurs);
  await knock(guest, code, "Grace Hopper");
  await expect(tiles(host)).toHaveCount(2);
  await guest.getByRole("button", { name: "Share the screen" }).click();
  for (const page of [guest, host]) {
    await expect(page.locator("[data-large=true]")).toContainText("Screen of Grace Hopper");
    await expect(tiles(page)).toHaveCount(2);
  }
  const screen = host.getByRole("main").locator("[data-screen=true] video");
  await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await expect.poll(() => decodedFrames(host)).toBeGreaterThan(0);
  await guest.getByRole("button", { name: "Stop sharing the screen" }).click();
  await expect(host.locator("[data-large=true]")).toHaveCount(0);
});
