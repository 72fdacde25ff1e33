import { statSync } from "node:fs";
import { drawRectangle, elements, openBoard } from "./board.ts";
import { tabTo } from "./keys.ts";
import { account, expect, knock, makeMeeting, recordingFile, test } from "./people.ts";
import { choose, endForAll, inCall, leave, tiles } from "./room.ts";

test.skip(Boolean(process.env.LIVEKIT_SERVER_BIN), "a real server has no recorder here");

test("a guest is let in, draws, raises a hand and is muted; the host records all of it and keeps the file", async ({
  people,
}) => {
  // Several browsers are much for a small machine.
  test.slow();
  const host = await people.host();
  const code = await makeMeeting(host, "For the record", { lobby: "guests" });
  await knock(host, code, account.name);
  await host.getByRole("button", { name: "One person" }).click();
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await host.getByRole("button", { name: "Let in Grace Hopper" }).click();
  await expect(leave(guest)).toBeVisible();

  await openBoard(guest);
  await drawRectangle(guest, [0.3, 0.3], [0.6, 0.6]);
  await openBoard(host);
  await expect.poll(() => elements(host)).toHaveLength(1);
  await guest.getByRole("button", { name: "Raise your hand" }).click();
  await expect(inCall(host).getByLabel("Hand raised, number 1")).toBeVisible();
  await choose(host, "Grace Hopper", "Turn the microphone off");
  await expect(guest.getByRole("button", { name: "Turn the microphone on" }).first()).toBeVisible();

  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Recording" }).click();
  await host.getByRole("radio", { name: "Everyone in one picture" }).check();
  await host.getByRole("button", { name: "Start recording" }).click();
  const question = guest.getByRole("dialog", { name: "This meeting is being recorded" });
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(question).toBeHidden();
  for (const page of [host, guest]) await expect(page.getByRole("status").getByText("Recording")).toBeVisible();
  // Whoever records needn't be asked.
  await expect(host.getByRole("dialog")).toHaveCount(0);

  await endForAll(host);
  await expect(guest.getByRole("heading", { name: "The meeting has ended" })).toBeVisible();
  await host.getByRole("link", { name: "My meetings" }).click();
  await host.getByRole("link", { name: "Recordings" }).click();
  const recordings = host.getByRole("article");
  const recording = recordings.first();
  await expect(recording).toContainText("Everyone in one picture");
  await expect(recording.getByText("Ready")).toBeVisible();

  people.watch.allow(recordingFile);
  const count = await recordings.count();
  const name = await recording.getByRole("heading").innerText();
  const played = host.waitForResponse(/\/recordings\//);
  await tabTo(host, "Play");
  await host.keyboard.press("Enter");
  const player = host.getByRole("dialog", { name });
  await expect(player.locator("video")).toHaveAttribute("aria-label", name);
  expect((await played).ok()).toBe(true);
  await host.keyboard.press("Escape");
  await expect(player).toBeHidden();
  await expect(recording.getByRole("button", { name: "Play" })).toBeFocused();

  const download = host.waitForEvent("download");
  await tabTo(host, "Download");
  await host.keyboard.press("Enter");
  expect(statSync(await (await download).path()).size).toBe(4 + 64 * 256);
  await tabTo(host, `Delete the recording of ${name}`);
  await host.keyboard.press("Enter");
  await expect(host.getByRole("dialog")).toBeVisible();
  await tabTo(host, "Delete");
  await host.keyboard.press("Enter");
  await expect(recordings).toHaveCount(count - 1);
});

test("a recording that fails is told at once to all who are in the call, with the reason to hosts, and in the list", async ({
  people,
}) => {
  const host = await people.host();
  await host.request.post("/control/recordings?become=abort");
  const code = await makeMeeting(host, "Not for the record");
  await knock(host, code, account.name);
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await expect(tiles(host)).toHaveCount(2);
  await expect(tiles(guest)).toHaveCount(2);
  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Recording" }).click();
  await host.getByRole("radio", { name: "Everyone's sound" }).check();
  await host.getByRole("button", { name: "Start recording" }).click();
  const told = guest.getByRole("log", { name: "What happens" });
  await expect(told).toContainText("The recording failed");
  await expect(told).not.toContainText("The recording has ended");
  const notice = host.getByRole("alert", { name: "The recording failed" });
  await expect(notice).toContainText("recorder");
  await notice.getByRole("button", { name: "Close" }).click();
  await expect(notice).toHaveCount(0);
  await expect(host.getByRole("dialog")).toBeHidden();
  await host.request.post("/control/recordings?become=record");
  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Recording" }).click();
  await expect(host.getByRole("alert", { name: "The last recording failed" })).toContainText("recorder");
  await host.goto("/recordings");
  const failed = host.getByRole("article").first();
  await expect(failed.getByText("Failed", { exact: true })).toBeVisible();
  await expect(failed.getByRole("alert", { name: "Why it failed" })).toContainText("recorder");
  await expect(failed.getByRole("button", { name: "Play" })).toHaveCount(0);
});
