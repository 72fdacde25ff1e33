import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { account, expect, knock, makeMeeting, test } from "./people.ts";

const usesStandIn = !process.env.LIVEKIT_SERVER_BIN;
const leave = (page: Page) => page.getByRole("button", { name: "Leave", exact: true });
const tiles = (page: Page) => page.getByRole("list", { name: "People in the call" }).getByRole("listitem");
const notices = (page: Page) => page.getByRole("main").getByRole("status");

/** How the media server knows someone who is in a meeting of the host's. */
async function identityOf(host: Page, code: string, name: string): Promise<string> {
  const list = (await (await host.request.get("/api/v1/meetings")).json()) as {
    items: { id: string; joinCode: string }[];
  };
  const meeting = list.items.find(({ joinCode }) => joinCode === code);
  const people = (await (await host.request.get(`/api/v1/meetings/${meeting?.id}/participants`)).json()) as {
    items: { id: string; displayName: string }[];
  };
  const person = people.items.find(({ displayName }) => displayName === name);
  expect(person, `${name} is in the meeting`).toBeDefined();
  return person?.id ?? "";
}

async function tellStandIn(page: Page, what: string): Promise<void> {
  const answer = await page.request.post(`/stand-in/${what}`);
  expect(answer.status(), await answer.text()).toBe(200);
}

test("a guest tests the connection from the door, and has a report to send", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "A first try");
  const guest = await people.guest();
  await guest.goto(`/join/${code}`);
  await guest.getByRole("link", { name: "Test the connection" }).click();
  await expect(guest).toHaveURL(new RegExp(`/connection-test#${code}$`));
  await guest.getByRole("button", { name: "Start the test" }).press("Enter");
  const steps = guest.getByRole("list", { name: "What is tested" }).getByRole("listitem");
  const step = (name: string) => steps.filter({ hasText: name });
  await expect(guest.getByRole("status")).toContainText("Calls will work", { timeout: 60_000 });
  await expect(step("Reaching the server")).toContainText("Works");
  await expect(step("the direct way (UDP)")).toContainText("Works.");
  await expect(step("Sending")).toContainText(/Works\. [1-9][\d,]* kbit\/s/);
  await expect(step("Receiving")).toContainText(/Works\. [1-9][\d,]* kbit\/s/);
  if (usesStandIn) {
    await expect(step("TCP")).toContainText("does not offer it");
    await expect(step("TURN")).toContainText("no relay set up");
  }
  const download = guest.waitForEvent("download");
  await guest.getByRole("button", { name: "Save the report" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).toContain("Calls will work");
  expect(text).toMatch(/^udp: passed; detail=udpDirect/m);
  expect(text).not.toMatch(/eyJ|127\.0\.0\.1|192\.168\./);
});

test("a media server that isn't there is told as that", async ({ people }) => {
  people.watch.allow(/rtc\/v1|WebSocket|could not establish|signal/i);
  const host = await people.host();
  await host.route("**/api/v1/connection-tests", async (route) => {
    const answer = await route.fetch();
    const test = (await answer.json()) as { url: string };
    await route.fulfill({
      response: answer,
      json: { ...test, url: test.url.replace("localhost", "localhost/nowhere") },
    });
  });
  await host.goto("/connection-test");
  await host.getByRole("button", { name: "Start the test" }).click();
  await expect(host.getByRole("status")).toContainText("Calls won't work from here", { timeout: 60_000 });
  const steps = host.getByRole("list", { name: "What is tested" }).getByRole("listitem");
  await expect(steps.filter({ hasText: "Reaching the server" })).toContainText("can't be reached");
  await expect(steps.filter({ hasText: "Sending" })).toContainText("Could not be tried");
});

test("a stranger gets no test, and is told why", async ({ people }) => {
  people.watch.allow(/401 \(Unauthorized\).*connection-tests/);
  const page = await people.guest();
  await page.goto("/connection-test");
  await page.getByRole("button", { name: "Start the test" }).click();
  await expect(page.getByRole("alert", { name: "That didn't work" })).toContainText("Sign in first.");
});

test("a broken connection is mended, and a call that can't be mended is joined anew", async ({ people }) => {
  test.skip(!usesStandIn, "only the stand-in can take someone's network away");
  // LiveKit's library tells of its own mending, with the room; to the API, who is away has left.
  people.watch.allow(/\{room: |rtc\/v1|403 \(Forbidden\).*\/events/);
  const host = await people.host();
  const code = await makeMeeting(host, "On a train");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  await expect(tiles(guest)).toHaveCount(2);
  await expect(guest.locator("video[data-lk-local-participant=false]")).toBeVisible();

  const identity = await identityOf(host, code, "Grace Hopper");
  await tellStandIn(guest, `quality?identity=${identity}&quality=POOR`);
  await expect(notices(guest)).toContainText("Your connection is poor");
  await expect(tiles(host).getByRole("img", { name: /^Poor connection of Grace Hopper/ })).toBeVisible();
  await tellStandIn(guest, `quality?identity=${identity}&quality=GOOD`);
  await expect(notices(guest)).not.toContainText("Your connection is poor");

  await tellStandIn(guest, `cut?identity=${identity}&seconds=2`);
  await expect(notices(guest)).toContainText("Connecting again …");
  await expect(notices(guest)).toContainText("You are connected again.");
  await expect(tiles(guest)).toHaveCount(2);
  // To the API the guest had left. What is said now has to reach them all the same, once it knows better.
  await host.getByRole("button", { name: "Chat" }).click();
  await host.getByLabel("Write to everyone").fill("Are you back?");
  await expect
    .poll(async () => {
      await host.getByRole("button", { name: "Send" }).click();
      await host.getByLabel("Write to everyone").fill("Are you back?");
      return guest.getByRole("button", { name: /new message/ }).count();
    })
    .toBe(1);

  await tellStandIn(guest, `cut?identity=${identity}&seconds=60&status=401`);
  await expect(guest.getByRole("heading", { name: "The connection was lost" })).toBeVisible();
  await expect(guest.getByRole("link", { name: "Test the connection" })).toBeVisible();
  await guest.getByRole("button", { name: "Join again" }).click();
  await guest.getByRole("button", { name: "Join", exact: true }).click();
  await expect(tiles(guest)).toHaveCount(2);
});

test("people in a call are told of an update of the service", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Before an update");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  // Until the API has heard that they are there.
  await expect
    .poll(async () => (await host.request.post("/control/announce-update")).text())
    .toContain("Before an update: 1 people");
  await expect(notices(host)).toContainText("The service is updated in 5 minutes.");
  await notices(host).getByRole("button", { name: "Close" }).click();
  await expect(notices(host)).not.toContainText("The service is updated");
});

test("the call goes on in a small window with its buttons, or as a video, or stays in the page", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Beside other work");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const item = (page: Page) => page.getByRole("menuitem", { name: "Small window above all others" });
  const more = (page: Page) => page.getByRole("button", { name: "More", exact: true }).click();

  await more(host);
  await item(host).click();
  const small = () =>
    host.evaluate(() => {
      const pip = (window as unknown as { documentPictureInPicture: { window: Window | null } })
        .documentPictureInPicture;
      const names = [...(pip.window?.document.querySelectorAll("button") ?? [])].map((button) => button.ariaLabel);
      return { names, videos: pip.window?.document.querySelectorAll("video").length };
    });
  await expect.poll(async () => (await small()).names).toContain("Turn the microphone off");
  expect((await small()).videos).toBe(1);
  await host.evaluate(() => {
    const pip = (window as unknown as { documentPictureInPicture: { window: Window | null } }).documentPictureInPicture;
    pip.window?.document.querySelector<HTMLElement>("[aria-label='Turn the microphone off']")?.click();
  });
  await expect(host.getByRole("button", { name: "Turn the microphone on" })).toBeVisible();
  await expect.poll(async () => (await small()).names).toContain("Turn the microphone on");
  await more(host);
  await host.getByRole("menuitem", { name: "Back from the small window" }).click();
  await expect.poll(async () => (await small()).names).toEqual([]);

  const video = await people.guest();
  await video.addInitScript(() => Reflect.deleteProperty(window, "documentPictureInPicture"));
  await knock(video, code, "Mary Somerville");
  await expect(video.locator("video[data-lk-local-participant=false]")).toBeVisible();
  const isOut = () => video.evaluate(() => document.pictureInPictureElement?.getAttribute("aria-label"));
  await more(video);
  await item(video).click();
  await expect.poll(isOut).toBe(`Video of ${account.name}`);
  await more(video);
  await video.getByRole("menuitem", { name: "Back from the small window" }).click();
  await expect.poll(isOut).toBeUndefined();

  const old = await people.guest();
  await old.addInitScript(() => {
    Reflect.deleteProperty(window, "documentPictureInPicture");
    Object.defineProperty(Document.prototype, "pictureInPictureEnabled", { value: false });
  });
  await knock(old, code, "Charles Babbage");
  await expect(leave(old)).toBeVisible();
  await more(old);
  await expect(old.getByRole("menuitem", { name: "Keyboard shortcuts" })).toBeVisible();
  await expect(item(old)).toHaveCount(0);
});
