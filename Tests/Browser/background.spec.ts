import type { Page } from "@playwright/test";
import { expect, knock, makeMeeting, test } from "./people.ts";
import { decodedFrames, leave, tiles } from "./room.ts";

/** How sharp a video's picture is: the mean square of the differences between neighbouring pixels. */
async function sharpness(page: Page, label: string): Promise<number> {
  return page.getByLabel(label).evaluate((video: HTMLVideoElement) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d");
    if (!context) throw new Error("a canvas without a context");
    context.drawImage(video, 0, 0, 320, 180);
    const { data } = context.getImageData(0, 0, 320, 180);
    let sum = 0;
    for (let index = 4; index < data.length; index += 1) sum += ((data[index] ?? 0) - (data[index - 4] ?? 0)) ** 2;
    return sum / data.length;
  });
}

/** Keeps what a page asks microphones for. */
const keepAsked = () => {
  const asked: unknown[] = [];
  Object.assign(window, { asked });
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints) => {
    if (typeof constraints?.audio === "object") asked.push(constraints.audio.noiseSuppression);
    return ask(constraints);
  };
};
const lastAsked = (page: Page) => page.evaluate(() => (window as unknown as { asked: unknown[] }).asked.at(-1));

test("someone blurs what is behind them before a call and in it, with nothing from another host", async ({
  people,
}) => {
  // Without a graphics card the processor does it all, a few pictures in a second.
  test.slow();
  const soon = { timeout: 60_000 };
  const host = await people.host();
  const code = await makeMeeting(host, "Behind me");
  const guest = await people.guest();
  await guest.goto(`/join/${code}`);
  const preview = "Your camera's picture";
  await expect.poll(() => sharpness(guest, preview)).toBeGreaterThan(1);
  const sharp = await sharpness(guest, preview);
  const model = guest.waitForResponse(/selfie_segmentation.*\.tflite$/);
  await guest.getByRole("switch", { name: "Blur what is behind you" }).check();
  expect((await model).status()).toBe(200);
  // The pattern of the test's camera is no person.
  const isBlurred = async () => {
    const now = await sharpness(guest, preview);
    // Before there is a picture it is black, which is no blur.
    return now > 0 && now < sharp / 2;
  };
  await expect.poll(isBlurred, soon).toBe(true);
  await expect(guest.getByText("couldn't be loaded")).toHaveCount(0);
  await guest.screenshot({ path: `${process.env.BROWSER_TEST_LOGS ?? "/tmp"}/screenshots/door-blurred.png` });

  await knock(guest, code, "Grace Hopper");
  await knock(host, code, "Ada");
  await expect(tiles(host)).toHaveCount(2);
  const sent = "Video of Grace Hopper";
  await expect.poll(() => decodedFrames(host), soon).toBeGreaterThan(5);
  await expect.poll(() => sharpness(host, sent), soon).toBeGreaterThan(0);
  const blurred = await sharpness(host, sent);
  await guest.screenshot({ path: `${process.env.BROWSER_TEST_LOGS ?? "/tmp"}/screenshots/room-blurred.png` });
  await guest.getByRole("button", { name: "More", exact: true }).click();
  await guest.getByRole("menuitem", { name: "Settings" }).click();
  await guest.getByRole("switch", { name: "Blur what is behind you" }).uncheck();
  await expect.poll(() => sharpness(host, sent), soon).toBeGreaterThan(blurred * 2);
});

test("noise is taken out of the sound unless someone doesn't want that, which is remembered", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Music lesson");
  const guest = await people.guest();
  await guest.addInitScript(keepAsked);
  await guest.goto(`/join/${code}`);
  await expect.poll(() => lastAsked(guest)).toBe(true);
  await guest.getByRole("switch", { name: "Take out noise" }).uncheck();
  await expect.poll(() => lastAsked(guest)).toBe(false);
  await guest.reload();
  await expect.poll(() => lastAsked(guest)).toBe(false);
  await knock(guest, code, "Grace Hopper");
  await expect(leave(guest)).toBeVisible();
  await expect.poll(() => lastAsked(guest)).toBe(false);
  await guest.getByRole("button", { name: "More", exact: true }).click();
  await guest.getByRole("menuitem", { name: "Settings" }).click();
  await guest.getByRole("switch", { name: "Take out noise" }).check();
  await expect.poll(() => lastAsked(guest)).toBe(true);
});
