import { tabTo } from "./keys.ts";
import { account, expect, knock, makeAccount, makeMeeting, signIn, test } from "./people.ts";

test("the figures of a month are plotted, told as a table and given as a file", async ({ people }) => {
  const page = await people.host();
  await page.goto("/analytics");
  await expect(page.getByRole("heading", { level: 1, name: "Analytics" })).toBeVisible();
  const answer = await page.request.get("/api/v1/analytics");
  const { totals, steps } = (await answer.json()) as {
    totals: { participants: number };
    steps: { sums: { participants: number; recordedSeconds: number } }[];
  };
  await expect(page.getByRole("definition").filter({ hasText: new RegExp(`^${totals.participants}$`) })).toBeVisible();

  const bars = page.getByRole("img", { name: /^Plot: / }).locator(".recharts-bar-rectangle path");
  await expect(bars).toHaveCount(steps.filter(({ sums }) => sums.participants > 0).length);
  await page.getByLabel("Figure", { exact: true }).selectOption("Recorded");
  await expect(bars).toHaveCount(steps.filter(({ sums }) => sums.recordedSeconds > 0).length);

  await page.getByRole("button", { name: "As a table" }).press("Enter");
  // A row for the titles, and one for each day.
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(1 + steps.length);
  await page.getByText("12 months").click();
  await expect.poll(() => page.getByRole("table").getByRole("row").count()).toBeLessThanOrEqual(14);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "As a spreadsheet" }).click();
  const file = await (await download).createReadStream();
  const text = (await file.toArray()).join("");
  expect(text).toMatch(/^start_utc,gatherings,/);
});

test("the keyboard alone goes through the figures", async ({ people }) => {
  const page = await people.host();
  await page.goto("/analytics");
  const plot = page.getByRole("img", { name: /^Plot: Participants/ });
  await expect(plot).toBeVisible();
  await tabTo(page, "30 days");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("radio", { name: "7 days" })).toBeChecked();
  await expect(plot).toBeVisible();
  await tabTo(page, "Figure");
  await page.keyboard.type("Recorded");
  await expect(page.getByRole("img", { name: /^Plot: Recorded/ })).toBeVisible();
  await tabTo(page, "As a table");
  await page.keyboard.press("Space");
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(1 + 7);
  const download = page.waitForEvent("download");
  await tabTo(page, "As a spreadsheet");
  await page.keyboard.press("Enter");
  await download;
});

test("only administrators see everybody's figures, and without a meeting there are none", async ({ people }) => {
  const admin = await people.host();
  const member = { email: "mary@example.org", displayName: "Mary Somerville", password: "a good long password" };
  await makeAccount(admin, member);
  await admin.goto("/analytics");
  await expect(admin.getByRole("switch", { name: "Everybody's" })).toBeVisible();

  const page = await people.guest();
  await page.goto("/sign-in?then=/analytics");
  await signIn(page, member);
  await expect(page.getByText("Nothing in this time")).toBeVisible();
  await expect(page.getByRole("switch", { name: "Everybody's" })).toHaveCount(0);
});

test("who was in a meeting, and how they found it, is in its figures", async ({ people }) => {
  const host = await people.host();
  const code = await makeMeeting(host, "Review of the orrery");
  await knock(host, code, account.name);
  await expect(host.getByRole("button", { name: "Leave", exact: true })).toBeVisible();
  const guest = await people.guest();
  await knock(guest, code, "Grace Hopper");
  const tiles = host.getByRole("list", { name: "People in the call" }).getByRole("listitem");
  await expect(tiles).toHaveCount(2);
  await expect(host.locator("video[data-lk-local-participant=false]")).toBeVisible();
  await guest.getByRole("button", { name: "Leave", exact: true }).click();
  await guest.getByRole("radio", { name: "4 stars" }).press("Space");
  await guest.getByLabel("Comment (optional, read without your name)").fill("Every wheel could be heard.");
  await guest.getByRole("button", { name: "Send" }).click();
  await expect(guest.getByText("Thank you.")).toBeVisible();

  await host.goto("/meetings");
  await host.getByRole("button", { name: "More actions for Review of the orrery" }).click();
  await host.getByRole("menuitem", { name: "Analytics" }).click();
  const dialog = host.getByRole("dialog", { name: "Analytics of “Review of the orrery”" });
  await expect(dialog.getByRole("rowheader", { name: "Grace Hopper" })).toBeVisible();
  await expect(dialog.getByRole("list", { name: "Comments" })).toContainText("Every wheel could be heard.");
  await expect(dialog.getByText("4.0 of 5")).toBeVisible();
});
