import type { Page } from "@playwright/test";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { leave } from "./room.ts";

/** A microphone with a steady tone, once it is switched on by the test. */
const speakingMicrophone = () => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    if (!constraints?.audio) return ask(constraints);
    const context = new AudioContext();
    const volume = new GainNode(context, { gain: 0 });
    const stream = new MediaStreamAudioDestinationNode(context);
    const tone = new OscillatorNode(context, { frequency: 220 });
    tone.connect(volume).connect(stream);
    tone.start();
    Object.assign(window, {
      speak: async () => {
        await context.resume();
        volume.gain.value = 0.9;
      },
    });
    return stream.stream;
  };
};

const microphone = (page: Page, state: "on" | "off") =>
  page.getByRole("button", { name: `Turn the microphone ${state === "on" ? "off" : "on"}` }).first();

test("the room's keys are listed and work, and whoever holds the space bar is heard", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "By keys");
  await knock(host, code, account.name);
  await expect(leave(host)).toBeVisible();
  await expect(microphone(host, "on")).toBeVisible();

  await host.keyboard.press("m");
  await expect(microphone(host, "off")).toBeVisible();
  await host.keyboard.down("Space");
  await expect(microphone(host, "on")).toBeVisible();
  // Other keys in between change nothing of it.
  for (const isOpen of [true, false]) {
    await host.keyboard.press("p");
    await expect(host.getByRole("complementary", { name: "People" })).toBeVisible({ visible: isOpen });
  }
  await expect(microphone(host, "on")).toBeVisible();
  await host.keyboard.up("Space");
  await expect(microphone(host, "off")).toBeVisible();
  await host.keyboard.down("Space");
  await expect(microphone(host, "on")).toBeVisible();
  await host.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(microphone(host, "off")).toBeVisible();
  await host.keyboard.up("Space");

  await host.keyboard.press("v");
  await expect(host.getByRole("button", { name: "Turn the camera on" })).toBeVisible();
  await host.keyboard.press("h");
  await expect(host.getByRole("button", { name: "Lower your hand" })).toBeVisible();
  await host.keyboard.press("p");
  await expect(host.getByRole("complementary", { name: "People" })).toBeVisible();
  await host.keyboard.press("c");
  await host.getByLabel("Write to everyone").fill("");
  await host.keyboard.type("p m ");
  // In a text these are letters.
  await expect(host.getByRole("complementary", { name: "Chat" })).toBeVisible();
  await expect(microphone(host, "off")).toBeVisible();

  const more = host.getByRole("button", { name: "More", exact: true });
  await more.press("Enter");
  await host.getByRole("menuitem", { name: "Keyboard shortcuts" }).press("Enter");
  const dialog = host.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog.getByRole("row", { name: "Hold to talk while muted" })).toContainText("Space");
  await expect(dialog.getByRole("row")).toHaveCount(6);
  await host.keyboard.press("Escape");
  await expect(more).toBeFocused();
});

test("whoever speaks while muted is told, with the way to be heard", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Can you hear me");
  await host.addInitScript(speakingMicrophone);
  await knock(host, code, account.name);
  await microphone(host, "on").click();
  const told = host.getByText("You are speaking while muted");
  await expect(microphone(host, "off")).toBeVisible();
  await expect(told).toBeHidden();
  await host.evaluate(() => (window as unknown as { speak: () => Promise<void> }).speak());
  await expect(told).toBeVisible();
  await host.getByRole("status").getByRole("button", { name: "Turn the microphone on" }).click();
  await expect(microphone(host, "on")).toBeVisible();
  await expect(told).toBeHidden();
});
