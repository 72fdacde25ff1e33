import type { Page } from "@playwright/test";
import { drawRectangle, openBoard } from "./board.ts";
import { Crowd } from "./crowd.ts";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { decodedFrames, endForAll, joined, leave, screenOfOurs, tiles } from "./room.ts";

const screenshots = `${process.env.BROWSER_TEST_LOGS ?? "/tmp"}/screenshots`;

test.skip(Boolean(process.env.LIVEKIT_SERVER_BIN), "a real server has no recorder here");

/** How much is drawn on the board that a page shows, in pixels. */
async function ink(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.excalidraw__canvas.static");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let index = 0; index < data.length; index += 4) if ((data[index] ?? 255) < 128) count += 1;
    return count;
  });
}

/** Opens the page as LiveKit's recorder does. */
async function openRecorder(page: Page, baseURL: string | undefined, meetingId: string, layout: string): Promise<void> {
  const token = await (await page.request.post(`/control/recorder?room=${meetingId}`)).text();
  const url = (baseURL ?? "").replace("http", "ws");
  await page.goto(`/recorder?${new URLSearchParams({ layout, url, token }).toString()}`);
}

test("the recorder's page shows who is in the call and the whiteboard, and tells when to begin and to end", async ({
  people,
  baseURL,
}) => {
  // Several browsers are much for a small machine.
  test.slow();
  const host = await people.host();
  const call = joined(host);
  const code = await makeMeeting(host, "For the film");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  await openBoard(host);
  await drawRectangle(host, [0.3, 0.2], [0.6, 0.5]);

  const recorder = await people.guest({ viewport: { width: 1920, height: 1080 } });
  const begins = recorder.waitForEvent("console", (message) => message.text() === "START_RECORDING");
  const ends = recorder.waitForEvent("console", {
    predicate: (message) => message.text() === "END_RECORDING",
    timeout: 0,
  });
  await openRecorder(recorder, baseURL, (await call).meeting.id, "speaker");
  await begins;
  await expect(recorder.getByText(account.name, { exact: true })).toBeVisible();
  await expect.poll(() => decodedFrames(recorder)).toBeGreaterThan(0);
  // Nobody sees it.
  await expect(tiles(host)).toHaveCount(1);

  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Recording" }).click();
  await host.getByRole("button", { name: "Start recording" }).click();
  await expect.poll(() => ink(recorder)).toBeGreaterThan(100);
  await expect(tiles(recorder)).toHaveCount(1);
  await recorder.screenshot({ path: `${screenshots}/recorder-board.png` });
  await endForAll(host);
  await ends;
});

test("the recorder's page shows all alike with their names, a shared screen large, and who speaks large where that is wanted", async ({
  people,
  baseURL,
}) => {
  // Several browsers are much for a small machine.
  test.slow();
  const host = await people.host();
  await host.addInitScript(screenOfOurs);
  const call = joined(host);
  const code = await makeMeeting(host, "For the archive");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const names = ["Barbara", "Dorothy", "Emmy"];
  const crowd = await Crowd.join(await people.guest(), code, names);
  await expect(tiles(host)).toHaveCount(1 + names.length);

  const recorder = await people.guest({ viewport: { width: 1920, height: 1080 } });
  await openRecorder(recorder, baseURL, (await call).meeting.id, "grid");
  const large = recorder.locator("[data-large=true]");
  await expect(tiles(recorder)).toHaveCount(1 + names.length);
  for (const name of [account.name, ...names]) await expect(tiles(recorder).filter({ hasText: name })).toHaveCount(1);
  await expect(large).toHaveCount(0);
  const boxes = await Promise.all((await tiles(recorder).all()).map((tile) => tile.boundingBox()));
  const [first] = boxes;
  expect(first?.width).toBeGreaterThan(700);
  for (const box of boxes) expect([box?.width, box?.height]).toEqual([first?.width, first?.height]);
  await expect.poll(() => decodedFrames(recorder)).toBeGreaterThan(0);
  await recorder.screenshot({ path: `${screenshots}/recorder-grid.png` });

  await host.getByRole("button", { name: "Share the screen" }).click();
  await expect(large).toContainText(`Screen of ${account.name}`);
  await expect(tiles(recorder)).toHaveCount(1 + names.length);
  const screen = large.locator("video");
  await expect.poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  const screenBox = await large.boundingBox();
  expect(screenBox?.width).toBeGreaterThan(1920 * 0.75);
  await recorder.screenshot({ path: `${screenshots}/recorder-screen.png` });
  await host.getByRole("button", { name: "Stop sharing the screen" }).click();
  await expect(large).toHaveCount(0);

  await openRecorder(recorder, baseURL, (await call).meeting.id, "speaker-dark");
  await expect(tiles(recorder)).toHaveCount(names.length);
  await crowd.speak("Dorothy");
  await expect(large).toContainText("Dorothy");
  await expect(tiles(recorder).filter({ hasText: account.name })).toHaveCount(1);
  await recorder.screenshot({ path: `${screenshots}/recorder-speaker.png` });
});
