import type { Page } from "@playwright/test";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { leave } from "./room.ts";

/** Makes devices fail as the session's storage says, and keeps the tracks that a page has got. */
const takeOver = () => {
  const tracks: MediaStreamTrack[] = [];
  Object.assign(window, { tracks });
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const [name, message] = (sessionStorage.getItem("failure") ?? "").split(": ");
    if (name) throw new DOMException(message, name);
    const stream = await ask(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
};

async function liveMicrophones(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] };
    return tracks.filter(({ kind, readyState }) => kind === "audio" && readyState === "live").length;
  });
}

/** What the system does to the microphone: nothing here can make a browser say so by itself. */
async function muteMicrophone(page: Page, isMuted: boolean): Promise<void> {
  await expect.poll(() => liveMicrophones(page)).toBeGreaterThan(0);
  await page.evaluate((muted) => {
    for (const track of (window as unknown as { tracks: MediaStreamTrack[] }).tracks) {
      if (track.kind !== "audio" || track.readyState !== "live") continue;
      Object.defineProperty(track, "muted", { value: muted, configurable: true });
      track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
    }
  }, isMuted);
}

/** What LiveKit's library sees when the device of a live track is gone. */
async function unplugMicrophone(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const track of (window as unknown as { tracks: MediaStreamTrack[] }).tracks) {
      if (track.kind !== "audio" || track.readyState !== "live") continue;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
  });
}

test("devices that fail are explained at the door, and one joins without", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Without a camera");
  const guest = await people.guest();
  await guest.addInitScript(takeOver);
  await guest.goto(`/join/${code}`);
  for (const [failure, title, help] of [
    [
      "NotAllowedError: Permission denied",
      "The browser blocks your camera and microphone",
      "Click the icon to the left of the address.",
    ],
    [
      "NotAllowedError: Permission denied by system",
      "Your system blocks the camera and the microphone",
      "privacy settings",
    ],
    ["NotReadableError: in use", "Another program uses your camera and microphone", "Close the other program"],
    ["NotFoundError: none", "Neither a camera nor a microphone was found", "You can take part and listen."],
  ] as const) {
    await guest.evaluate((text) => sessionStorage.setItem("failure", text), failure);
    await guest.reload();
    await expect(guest.getByRole("status", { name: title })).toContainText(help);
  }
  await knock(guest, code, "Grace Hopper");
  await expect(leave(guest)).toBeVisible();
  await expect(guest.getByRole("button", { name: "Turn the camera on" })).toBeVisible();
});

test("a microphone that is unplugged, or muted by the system, is told at the door and in the call", async ({
  people,
}) => {
  const host = await people.host();
  const code = await makeMeeting(host, "A switch on the headset");
  const guest = await people.guest();
  await guest.addInitScript(takeOver);
  await guest.goto(`/join/${code}`);
  const muted = guest.getByText("Your microphone is muted outside of this page");
  await muteMicrophone(guest, true);
  await expect(muted).toBeVisible();
  await muteMicrophone(guest, false);
  await expect(muted).toBeHidden();
  await guest.evaluate(() => {
    for (const track of (window as unknown as { tracks: MediaStreamTrack[] }).tracks) {
      if (track.kind === "audio") track.dispatchEvent(new Event("ended"));
    }
  });
  await expect(guest.getByText("Your microphone was unplugged")).toBeVisible();

  await knock(guest, code, "Grace Hopper");
  await expect(guest.getByRole("button", { name: "Turn the microphone off" })).toBeVisible();
  await muteMicrophone(guest, true);
  await expect(muted).toBeVisible();
  await muteMicrophone(guest, false);
  await expect(muted).toBeHidden();
});

test("a microphone that is unplugged in a call is told, unless another takes its place", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "A loose cable");
  await host.addInitScript(takeOver);
  await knock(host, code, account.name);
  await expect.poll(() => liveMicrophones(host)).toBe(1);
  const unplugged = host.getByRole("status", { name: "Your microphone was unplugged" });
  const on = host.getByRole("button", { name: "Turn the microphone off" });
  await unplugMicrophone(host);
  await expect.poll(() => liveMicrophones(host)).toBe(1);
  await expect(on).toBeVisible();
  await expect(unplugged).toHaveCount(0);

  await host.evaluate(() => sessionStorage.setItem("failure", "NotFoundError: none"));
  await unplugMicrophone(host);
  await expect(unplugged).toContainText("Connect it again, or choose another one.");
  const notices = host.getByRole("status", { name: /microphone/ });
  await expect(notices).toHaveCount(1);
  await host.getByRole("button", { name: "Turn the microphone on" }).click();
  await expect(host.getByRole("status", { name: "No microphone was found" })).toBeVisible();
  await expect(notices).toHaveCount(1);
  await host.evaluate(() => sessionStorage.removeItem("failure"));
  await host.getByRole("button", { name: "Turn the microphone on" }).click();
  await expect(on).toBeVisible();
  await expect(notices).toHaveCount(0);
});

test("devices are chosen at the door and in the call, and the speaker is heard before it", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Which one is it");
  await host.addInitScript(takeOver);
  await host.addInitScript(() => {
    const sounds: string[] = [];
    Object.assign(window, { sounds });
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      sounds.push((this.context as AudioContext & { sinkId: string }).sinkId);
      start.call(this, when);
    };
  });
  const used = () =>
    host.evaluate(() => {
      const live = (window as unknown as { tracks: MediaStreamTrack[] }).tracks.filter(
        ({ readyState, kind }) => readyState === "live" && kind === "audio",
      );
      return live.map(({ label }) => label);
    });
  await host.goto(`/join/${code}`);
  await expect
    .poll(async () => Number(await host.getByRole("meter").getAttribute("aria-valuenow")), { intervals: [50] })
    .toBeGreaterThan(10);
  await host.getByRole("combobox", { name: "Microphone" }).selectOption("Fake Audio Input 2");
  await expect.poll(used).toEqual(["Fake Audio Input 2"]);
  const speakers = host.getByRole("combobox", { name: "Speaker" });
  const speaker = await speakers.locator("option").last().getAttribute("value");
  await speakers.selectOption(speaker);
  await host.getByRole("button", { name: "Test the speaker" }).click();
  await expect(host.getByRole("button", { name: "Playing a sound" })).toBeDisabled();
  await expect(host.getByRole("button", { name: "Test the speaker" })).toBeEnabled();
  expect(await host.evaluate(() => (window as unknown as { sounds: string[] }).sounds)).toEqual(Array(3).fill(speaker));

  await host.getByRole("button", { name: "Join", exact: true }).click();
  await expect(leave(host)).toBeVisible();
  await expect.poll(used).toEqual(["Fake Audio Input 2"]);
  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Settings" }).click();
  await host.getByRole("combobox", { name: "Microphone" }).selectOption("Fake Audio Input 1");
  await expect.poll(used).toEqual(["Fake Audio Input 1"]);

  await host.evaluate(() => sessionStorage.setItem("failure", "NotReadableError: in use"));
  await host.getByRole("combobox", { name: "Microphone" }).selectOption("Fake Audio Input 2");
  await host.keyboard.press("Escape");
  const help = host.getByRole("status", { name: "Another program uses your microphone" });
  await expect(help).toBeVisible();
  await expect(host.getByRole("button", { name: "Turn the microphone on" })).toBeVisible();
  await help.getByRole("button", { name: "Close" }).click();
  await expect(help).toHaveCount(0);
});

test("sounds and messages can be turned off, and the call fills the screen", async ({ people }) => {
  const host = await people.host();
  await host.addInitScript(() => {
    const names: string[] = [];
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      names.push("note");
      start.call(this, when);
    };
    Object.assign(window, { notes: names });
  });
  const notes = () => host.evaluate(() => (window as unknown as { notes: string[] }).notes.length);
  const code = await makeMeeting(host, "Comings and goings");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  const log = host.getByRole("log", { name: "What happens" });
  await expect(log.getByText("Grace Hopper joined")).toBeInViewport();
  await expect.poll(notes).toBe(2);

  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Settings" }).click();
  await host.getByRole("switch", { name: "Sounds" }).uncheck();
  await host.getByRole("switch", { name: "Messages about what happens" }).uncheck();
  await host.keyboard.press("Escape");
  await leave(guest).click();
  const left = log.getByText("Grace Hopper left");
  await expect(left).toBeAttached();
  // For screen readers only.
  expect(await left.evaluate((element) => element.getBoundingClientRect().width)).toBeLessThan(2);
  expect(await notes()).toBe(2);

  await host.getByRole("button", { name: "More", exact: true }).click();
  await host.getByRole("menuitem", { name: "Full screen" }).click();
  await expect.poll(() => host.evaluate(() => document.fullscreenElement !== null)).toBe(true);
});

test("a server that can't be reached is told as that, with the way to the connection test", async ({ people }) => {
  people.watch.allow(/ERR_FAILED/);
  const host = await people.host();
  const code = await makeMeeting(host, "Far away");
  const guest = await people.guest();
  await guest.route("**/api/v1/join/*", (route) => route.abort());
  await guest.goto(`/join/${code}`);
  await expect(guest.getByRole("heading", { name: "The meeting can't be opened" })).toBeVisible();
  await expect(guest.getByRole("link", { name: "Test the connection" })).toHaveAttribute(
    "href",
    `/connection-test#${code}`,
  );
  await guest.unroute("**/api/v1/join/*");
  await guest.getByRole("button", { name: "Try again" }).click();
  await expect(guest.getByLabel("Your name")).toBeVisible();
});
