import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { tabTo } from "./keys.ts";
import { account, expect, makeMeeting, recordingFile, test } from "./people.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = `${process.env.BROWSER_TEST_LOGS ?? "/tmp"}/screenshots`;
mkdirSync(screenshots, { recursive: true });

/** Every text in every language, for what is only looked at. */
const messages = Object.fromEntries(
  ["en", "de"].map((language) => [
    language,
    JSON.parse(readFileSync(new URL(`../../frontend/src/i18n/messages/${language}.json`, import.meta.url), "utf8")),
  ]),
) as Record<Language, Record<string, Record<string, string>>>;

/** A real server has no recorder here. */
const hasRecorder = !process.env.LIVEKIT_SERVER_BIN;

const languages = { en: "en-GB", de: "de-DE" } as const;
type Language = keyof typeof languages;
const schemes = ["light", "dark"] as const;
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** What axe finds inside of Excalidraw, each with its reason. */
const excalidrawsOwn = [
  // It shows how large the board is seen, and its name says what it does.
  ".excalidraw .reset-zoom-button",
];

interface Violation {
  id: string;
  impact: string;
  help: string;
  nodes: string[];
}

/** What axe calls serious or critical, besides what is inside of Excalidraw and can't be changed from outside. */
async function violations(page: Page): Promise<Violation[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async (exclude) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({ exclude }, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, help, nodes }) => ({
        id,
        impact: impact ?? "",
        help,
        nodes: nodes.map((node) => `${node.html}\n${node.failureSummary}`),
      }));
  }, excalidrawsOwn);
}

/** Looks at the page as it is, in both colour schemes and sizes; leaves a picture of each. */
async function look(
  page: Page,
  name: string,
  language: Language,
  only: { scheme?: string; size?: string } = {},
): Promise<void> {
  for (const scheme of schemes) {
    if (only.scheme && scheme !== only.scheme) continue;
    await page.emulateMedia({ colorScheme: scheme });
    for (const [size, viewport] of Object.entries(sizes)) {
      if (only.size && size !== only.size) continue;
      await page.setViewportSize(viewport);
      await page.evaluate(() => document.fonts.ready);
      const title = `${name} ${language} ${scheme} ${size}`;
      await page.screenshot({ path: `${screenshots}/${title.replaceAll(" ", "-")}.png`, animations: "disabled" });
      expect.soft(await violations(page), title).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${title}: pixels that stand out to the right`).toBeLessThanOrEqual(0);
    }
  }
}

/** Looks at what is open over a page: in English light on a wide screen, in German, whose words are longer, dark on a phone. */
async function glance(page: Page, name: string, language: Language): Promise<void> {
  const only = language === "en" ? { scheme: "light", size: "wide" } : { scheme: "dark", size: "narrow" };
  await look(page, name, language, only);
  await page.setViewportSize(sizes.wide);
}

/** Makes a page get neither camera nor microphone from now on. */
const blockDevices = () => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
};

const options = (language: Language) => ({ locale: languages[language], reducedMotion: "reduce" as const });

/** The texts that tests go by, in every language. */
const words = {
  en: {
    name: "Your name",
    join: "Join",
    leave: "Leave",
    chat: "Chat",
    people: "One person, one waits",
    recorded: "Recording",
    over: "The meeting has ended",
    stars: "4 stars",
    ready: "Ready",
    schedule: "Schedule",
    createAccount: "Create an account",
    startTest: "Start the test",
    willWork: "Calls will work",
    blocked: "The browser blocks your camera",
  },
  de: {
    name: "Ihr Name",
    join: "Teilnehmen",
    leave: "Gehen",
    chat: "Chat",
    people: "Eine Person, eine wartet",
    recorded: "Aufzeichnung",
    over: "Die Besprechung ist beendet",
    stars: "4 Sterne",
    ready: "Bereit",
    schedule: "Planen",
    createAccount: "Konto anlegen",
    startTest: "Test beginnen",
    willWork: "Gespräche werden gelingen",
    blocked: "Der Browser sperrt Ihre Kamera",
  },
} as const;

async function enter(page: Page, code: string, name: string, language: Language): Promise<void> {
  await page.goto(`/join/${code}`);
  await page.getByLabel(words[language].name).fill(name);
  await page.getByRole("button", { name: words[language].join, exact: true }).click();
}

/** Where the API has a meeting of the host's. */
async function pathOf(host: Page, code: string): Promise<string> {
  const answer = await host.request.get("/api/v1/meetings");
  const { items } = (await answer.json()) as { items: { id: string; joinCode: string }[] };
  return `/api/v1/meetings/${items.find(({ joinCode }) => joinCode === code)?.id}`;
}

for (const language of ["en", "de"] as const) {
  test(`pages for everybody in ${language}`, async ({ people }) => {
    const host = await people.host();
    const code = await makeMeeting(host, "Quarterly planning of the observatory", { lobby: "guests" });
    const page = await people.guest(options(language));
    people.watch.allow(/404 \(Not Found\).*(no-such-page|api\/v1\/join\/0000)/);
    for (const [name, path] of [
      ["home", "/"],
      ["sign-in", "/sign-in"],
      ["door", `/join/${code}`],
      ["bad-link", "/join/that"],
      ["unknown-meeting", "/join/0000-0000-0000-0000-0000"],
      ["no-such-page", "/no-such-page"],
      ["recorder-by-hand", "/recorder"],
    ] as const) {
      await page.goto(path);
      await expect(
        page
          .getByRole("heading")
          .or(page.getByText(messages[language]["recorder"]?.["forRecorder"] ?? ""))
          .first(),
      ).toBeVisible();
      await look(page, name, language);
    }
    await page.addInitScript(blockDevices);
    await page.goto(`/join/${code}`);
    await expect(page.getByRole("status", { name: words[language].blocked })).toBeVisible();
    await glance(page, "door-blocked", language);
  });

  test(`the connection test in ${language}`, async ({ people }) => {
    const page = await people.host(options(language));
    await page.goto("/connection-test");
    await page.getByRole("button", { name: words[language].startTest }).click();
    await expect(page.getByRole("status")).toContainText(words[language].willWork, { timeout: 60_000 });
    await look(page, "connection-test", language);
  });

  test(`pages of those who are signed in, in ${language}`, async ({ people }) => {
    // It looks at much.
    test.slow();
    const page = await people.host(options(language));
    await page.goto("/meetings");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(page, "meetings", language);
    await page.getByRole("button", { name: words[language].schedule }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, "meeting-dialog", language);
    const title = `Open evening ${language}`;
    await makeMeeting(page, title);
    await page.goto("/meetings");
    const { meetings, preferences } = messages[language];
    for (const [name, entry] of [
      ["share-dialog", meetings?.["qrCode"]],
      ["delete-dialog", meetings?.["delete"]],
    ] as const) {
      await page.getByRole("button", { name: meetings?.["actionsOf"]?.replace("{title}", title) ?? "" }).click();
      if (name === "share-dialog") await glance(page, "meeting-menu", language);
      await page.getByRole("menuitem", { name: entry ?? "" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await glance(page, name, language);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: preferences?.["title"] ?? "" }).click();
    await expect(page.getByRole("menuitemradio").first()).toBeVisible();
    await glance(page, "preferences", language);
    await page.goto("/analytics");
    await expect(page.locator(".recharts-bar-rectangle path").first()).toBeVisible();
    await look(page, "analytics", language);
    await page.goto("/accounts");
    await expect(page.getByRole("row").filter({ hasText: account.email })).toBeVisible();
    await look(page, "accounts", language);
    await page.getByRole("button", { name: words[language].createAccount }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(page, "account-dialog", language);
  });

  test(`the room and what comes after it in ${language}`, async ({ people }) => {
    // In a call each look takes longer, on a busy machine far longer.
    test.setTimeout(900_000);
    const page = await people.host(options(language));
    const code = await makeMeeting(page, "Quarterly planning of the observatory", { lobby: "guests" });
    await enter(page, code, account.name, language);
    const say = words[language];
    await expect(page.getByRole("button", { name: say.leave, exact: true })).toBeVisible();
    const guest = await people.guest(options(language));
    await enter(guest, code, "Grace Hopper", language);
    await expect(guest.getByRole("status")).toBeVisible();
    await look(guest, "waiting-room", language);
    await look(page, "room", language);
    await page.getByRole("button", { name: say.people }).click();
    await expect(page.getByRole("complementary")).toContainText("Grace Hopper");
    await look(page, "room-people", language);
    await page.setViewportSize(sizes.wide);
    const { controls, lobby, people: list } = messages[language];
    const glanceAtDialog = async (entry: "settings" | "shortcuts" | "record", name = `room-${entry}`) => {
      await page.getByRole("button", { name: controls?.["more"] ?? "", exact: true }).click();
      if (entry === "settings") await glance(page, "room-menu", language);
      await page.getByRole("menuitem", { name: controls?.[entry] ?? "", exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await glance(page, name, language);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    };
    for (const entry of ["settings", "shortcuts", "record"] as const) await glanceAtDialog(entry);
    await page.getByRole("button", { name: say.chat }).click();
    const meeting = await pathOf(page, code);
    if (hasRecorder) {
      const begun = await page.request.post(`${meeting}/recordings`, { data: { kind: "composite" } });
      expect(begun.status(), await begun.text()).toBe(201);
      await expect(page.getByRole("status").getByText(say.recorded, { exact: true })).toBeVisible();
      await glance(page, "room-notice", language);
      // Whoever began it otherwise is asked like everybody: to stay is the last button.
      await page.getByRole("dialog").getByRole("button").last().click();
      await glanceAtDialog("record", "room-recording");
    }
    await look(page, "room-chat", language);
    await page.setViewportSize(sizes.wide);
    await page.getByRole("button", { name: say.people }).click();
    await page.getByRole("button", { name: lobby?.["admitName"]?.replace("{name}", "Grace Hopper") ?? "" }).click();
    await page.getByRole("button", { name: list?.["actionsOf"]?.replace("{name}", "Grace Hopper") ?? "" }).click();
    // Their camera comes on while one looks, and then the entry changes its colour.
    await expect(page.getByRole("menuitem", { name: list?.["stopCamera"] ?? "" })).toBeEnabled();
    await glance(page, "room-person", language);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: list?.["rights"] ?? "" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await glance(page, "room-rights", language);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: controls?.["whiteboard"] ?? "" }).click();
    await expect(page.locator("canvas.interactive")).toBeVisible();
    await page.getByRole("button", { name: messages[language]["panels"]?.["close"] ?? "" }).click();
    await look(page, "room-board", language);
    await page.setViewportSize(sizes.wide);
    await page.evaluate(blockDevices);
    await page.getByRole("button", { name: controls?.["stopCamera"] ?? "" }).click();
    await page.getByRole("button", { name: controls?.["startCamera"] ?? "" }).click();
    await expect(page.getByRole("status", { name: say.blocked })).toBeVisible();
    await glance(page, "room-blocked", language);

    const ended = await page.request.post(`${meeting}/end`);
    expect(ended.status(), await ended.text()).toBe(200);
    await expect(page.getByRole("heading", { level: 1, name: say.over })).toBeVisible();
    await page.getByRole("radio", { name: say.stars }).press("Space");
    await look(page, "after-call", language);

    await page.goto("/recordings");
    if (hasRecorder) await expect(page.getByRole("article").first().getByText(say.ready)).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(page, "recordings", language);
    if (!hasRecorder) return;
    await page.setViewportSize(sizes.wide);
    people.watch.allow(recordingFile);
    await page
      .getByRole("article")
      .first()
      .getByRole("button", { name: messages[language]["recordings"]?.["play"] ?? "" })
      .click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await glance(page, "player", language);
  });
}

test("signing in, what goes wrong with it, and signing out, in German", async ({ people }) => {
  people.watch.allow(/401 \(Unauthorized\).*api\/v1\/session/);
  const page = await people.guest(options("de"));
  await page.goto("/meetings");
  await page.getByLabel("E-Mail-Adresse").fill(account.email);
  await page.getByLabel("Passwort", { exact: true }).fill("not the right one");
  await page.getByRole("button", { name: "Anmelden" }).click();
  await expect(page.getByText("E-Mail-Adresse oder Passwort stimmt nicht.")).toBeVisible();
  await page.getByLabel("Passwort", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Meine Besprechungen" })).toBeVisible();
  await page.getByRole("button", { name: `Konto von ${account.name}` }).click();
  await page.getByRole("menuitem", { name: "Abmelden" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Willkommen" })).toBeVisible();
  await page.goto("/meetings");
  await expect(page.getByRole("heading", { level: 1, name: "Anmelden" })).toBeVisible();
});

test("the keyboard alone signs in and out", async ({ people }) => {
  const page = await people.guest();
  await page.goto("/recordings");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await tabTo(page, "E-mail address");
  await page.keyboard.type(account.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  // To where they wanted to go.
  await expect(page.getByRole("heading", { level: 1, name: "Recordings" })).toBeVisible();
  await tabTo(page, `Account of ${account.name}`);
  await page.keyboard.press("Enter");
  const signOut = page.getByRole("menuitem", { name: "Sign out" });
  await expect(signOut).toBeVisible();
  await page.keyboard.press("End");
  await expect(signOut).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Welcome" })).toBeVisible();
});

test("the keyboard alone leads into a meeting and out again", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "By keyboard");
  const page = await people.guest();
  await page.goto("/");
  await expect(page.getByRole("heading").first()).toBeVisible();
  await tabTo(page, "Meeting code or link");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Your name")).toBeVisible();
  await tabTo(page, "Your name");
  await page.keyboard.type("Grace Hopper");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Leave", exact: true })).toBeVisible();
  await tabTo(page, "Leave");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "You left the meeting" })).toBeVisible();
});

test("the keyboard alone makes an account, and comes back to where it was", async ({ people }) => {
  const page = await people.host();
  await page.goto("/accounts");
  await expect(page.getByRole("row").filter({ hasText: account.email })).toBeVisible();
  await tabTo(page, "Create an account");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("Emmy Noether");
  await page.keyboard.press("Tab");
  await page.keyboard.type("emmy@example.org");
  await page.keyboard.press("Tab");
  await page.keyboard.type("rings and ideals");
  await page.keyboard.press("Enter");
  const row = page.getByRole("row").filter({ hasText: "emmy@example.org" });
  await expect(row).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Create an account" })).toBeFocused();

  await tabTo(page, "Actions for Emmy Noether");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem").nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Actions for Emmy Noether" })).toBeFocused();
});
