import { expect, test } from "./people.ts";
import { tabTo } from "./keys.ts";
import { readQrCode } from "./qrCode.ts";

test("a meeting is scheduled, its link is copied and drawn as a QR code, it is changed and deleted", async ({
  people,
}) => {
  const host = await people.host({ permissions: ["clipboard-read", "clipboard-write"] });
  await host.goto("/meetings");
  await host.getByRole("button", { name: "Schedule" }).click();
  const create = host.getByRole("dialog", { name: "Schedule a meeting" });
  await create.getByRole("button", { name: "Create" }).click();
  await expect(create.getByText("Give it a title.")).toBeVisible();
  await expect(create.getByText("Say when it starts.")).toBeVisible();
  await create.getByLabel("Title").fill("Comet watch");
  await create.getByLabel("Starts").fill("2030-12-24T18:00");
  await create.getByLabel("Ends (optional)").fill("2030-12-24T20:30");
  await create.getByRole("switch", { name: "Ask for a passcode" }).check();
  await create.getByLabel("Passcode", { exact: true }).fill("halley");
  await create.getByRole("button", { name: "Create" }).click();
  await expect(create).toBeHidden();

  const card = host.getByRole("article", { name: "Comet watch" });
  await expect(card).toContainText("24 Dec 2030, 18:00");
  await card.getByRole("button", { name: "Copy link" }).click();
  const link = await host.evaluate(() => navigator.clipboard.readText());
  const more = host.getByRole("button", { name: "More actions for Comet watch" });
  await more.click();
  await host.getByRole("menuitem", { name: "QR code" }).click();
  const share = host.getByRole("dialog", { name: "Invite to “Comet watch”" });
  await expect(share.getByLabel("Link", { exact: true })).toHaveValue(link);
  for (const colorScheme of ["dark", "light"] as const) {
    await host.emulateMedia({ colorScheme });
    expect(await readQrCode(share.getByRole("img", { name: "QR code of the meeting's link" }))).toBe(link);
  }
  await host.keyboard.press("Escape");
  await expect(more).toBeFocused();

  people.watch.allow(/403 \(Forbidden\).*api\/v1\/join/);
  const guest = await people.guest();
  await guest.goto(link);
  await expect(guest.getByText("Planned for Tuesday, 24 December 2030 at 18:00")).toBeVisible();
  await guest.getByLabel("Your name").fill("Caroline Herschel");
  await guest.getByLabel("Passcode", { exact: true }).fill("encke");
  await guest.getByRole("button", { name: "Join", exact: true }).click();
  await expect(guest.getByRole("alert", { name: "That didn't work" })).toContainText("passcode");
  await guest.getByLabel("Passcode", { exact: true }).fill("halley");
  await guest.getByRole("button", { name: "Join", exact: true }).click();
  await expect(guest.getByRole("status")).toContainText("will let you in");

  await more.click();
  await host.getByRole("menuitem", { name: "Settings" }).click();
  const change = host.getByRole("dialog", { name: "Settings of the meeting" });
  await expect(change.getByLabel("Starts")).toHaveValue("2030-12-24T18:00");
  await change.getByLabel("Title").fill("Comet watch, north side");
  await change.getByRole("switch", { name: /^Locked/ }).check();
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change).toBeHidden();
  const changed = host.getByRole("article", { name: "Comet watch, north side" });
  await expect(changed.getByText("Locked", { exact: true })).toBeVisible();

  await changed.getByRole("button", { name: /^More actions/ }).click();
  await host.getByRole("menuitem", { name: "Delete" }).click();
  await host.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(changed).toBeHidden();
  people.watch.allow(/404 \(Not Found\).*api\/v1\/join/);
  await guest.goto(link);
  await expect(guest.getByRole("heading", { name: "No such meeting" })).toBeVisible();
});

test("the keyboard alone makes a link that stays, and starts its meeting", async ({ people }) => {
  const host = await people.host();
  await host.goto("/meetings");
  await expect(host.getByRole("heading", { name: "My meetings" })).toBeVisible();
  await tabTo(host, "Schedule");
  await host.keyboard.press("Enter");
  await expect(host.getByLabel("Title")).toBeFocused();
  await host.keyboard.type("Every Monday");
  await tabTo(host, "Once, at a time");
  await host.keyboard.press("ArrowRight");
  await tabTo(host, "Locked: nobody but hosts comes in");
  await host.keyboard.press("Space");
  await host.keyboard.press("Enter");
  const card = host.getByRole("article", { name: "Every Monday" });
  await expect(card).toContainText("Link that stays");
  await expect(card.getByText("Locked", { exact: true })).toBeVisible();
  await expect(host.getByRole("button", { name: "Schedule" })).toBeFocused();
  await tabTo(host, "More actions for Every Monday");
  await tabTo(host, "Start");
  await host.keyboard.press("Enter");
  await expect(host.getByRole("heading", { name: "Every Monday" })).toBeVisible();
});
