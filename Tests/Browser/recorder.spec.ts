import type { Page } from "@playwright/test";
import { drawRectangle, openBoard } from "./board.ts";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { decodedFrames, endForAll, leave, tiles } from "./room.ts";

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

test("the recorder's page shows who is in the call and the whiteboard, and tells when to begin and to end", async ({
  people,
  baseURL,
}) => {
  // Several browsers are much for a small machine.
  test.slow();
  const host = await people.host();
  const joined = host.waitForResponse(
    (response) => response.request().method() === "POST" && response.url().includes("/join/"),
  );
  const code = await makeMeeting(host, "For the film");
  await knock(host, code, account.name);
  const { meeting } = (await (await joined).json()) as { meeting: { id: string } };
  await expect(leave(host)).toBeVisible();
  await openBoard(host);
  await drawRectangle(host, [0.3, 0.2], [0.6, 0.5]);

  const recorder = await people.guest({ viewport: { width: 1920, height: 1080 } });
  const token = await (await recorder.request.post(`/control/recorder?room=${meeting.id}`)).text();
  const begins = recorder.waitForEvent("console", (message) => message.text() === "START_RECORDING");
  const ends = recorder.waitForEvent("console", {
    predicate: (message) => message.text() === "END_RECORDING",
    timeout: 0,
  });
  const url = (baseURL ?? "").replace("http", "ws");
  await recorder.goto(`/recorder?${new URLSearchParams({ layout: "speaker", url, token }).toString()}`);
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
  await recorder.screenshot({ path: `${process.env.BROWSER_TEST_LOGS ?? "/tmp"}/screenshots/recorder-board.png` });
  await endForAll(host);
  await ends;
});
