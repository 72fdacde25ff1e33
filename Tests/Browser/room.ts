import type { Page } from "@playwright/test";

/** What is in a room's page, in English. */
export const leave = (page: Page) => page.getByRole("button", { name: "Leave", exact: true });
export const tiles = (page: Page) => page.getByRole("list", { name: "People in the call" }).getByRole("listitem");
export const inCall = (page: Page) => page.getByRole("list", { name: "In the call", exact: true });

/** The frames of everyone else's video that this page has decoded. */
export async function decodedFrames(page: Page): Promise<number> {
  return page.evaluate(() => {
    const videos = [...document.querySelectorAll<HTMLVideoElement>("video[data-lk-local-participant=false]")];
    return videos.reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0);
  });
}

/** Chooses from the menu of a person in the list of people. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Throws someone out. */
export async function remove(host: Page, name: string): Promise<void> {
  await choose(host, name, "Remove");
  await host.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
}

/** Ends the meeting for everyone. */
export async function endForAll(host: Page): Promise<void> {
  await leave(host).click();
  await host.getByRole("menuitem", { name: "End for all" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "End for all" }).click();
}

/** What someone is told who joins: who they are to LiveKit, and where. Ask before they do. */
export async function joined(page: Page): Promise<{ participant: { id: string }; meeting: { id: string } }> {
  const answer = await page.waitForResponse(
    (response) => response.request().method() === "POST" && /\/api\/v1\/join\/[^/]+$/.test(response.url()),
  );
  return (await answer.json()) as Awaited<ReturnType<typeof joined>>;
}

/** Lets a page share a picture of ours instead of the screen, which a machine without one doesn't have. */
export const screenOfOurs = () => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const context = canvas.getContext("2d");
    setInterval(() => context?.fillRect(Math.random() * 640, Math.random() * 360, 9, 9), 50);
    return canvas.captureStream(10);
  };
};
