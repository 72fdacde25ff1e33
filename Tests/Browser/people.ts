import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "@playwright/test";

export const account = { email: "ada@example.org", name: "Ada Lovelace", password: "correct horse battery staple" };

/** What no page may do: write errors to the console, throw, or ask another host for anything. */
export class Watch {
  readonly complaints: string[] = [];
  #allowed: RegExp[] = [];

  /** Expects errors of this kind, as when the test takes the network away. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  context(context: BrowserContext, origin: string): void {
    const { host } = new URL(origin);
    context.on("page", (page) => this.#page(page));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== host)
        this.#complain(`request to ${url.host}: ${url.pathname}`);
    });
  }

  #page(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error") this.#complain(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.#complain(`thrown: ${error.stack ?? error.message}`));
  }

  #complain(text: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }
}

/** A recording's file comes from the object storage's own host. */
export const recordingFile = /request to .*\/recordings\//;

export interface People {
  watch: Watch;
  /** A browser of someone's own, with nothing in it. */
  browser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** A page of someone who is signed in. */
  host: (options?: BrowserContextOptions) => Promise<Page>;
  /** A page of someone who isn't. */
  guest: (options?: BrowserContextOptions) => Promise<Page>;
}

let session: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;

/** Signs in once, by the API, for all tests that are not about signing in. */
async function signedIn(browser: Browser, baseURL: string) {
  if (session) return session;
  const context = await browser.newContext({ baseURL });
  const answer = await context.request.post("/api/v1/session", {
    data: { email: account.email, password: account.password },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const { cookies } = await context.storageState();
  session = { cookies, origins: [{ origin: baseURL, localStorage: [{ name: "signedIn", value: "yes" }] }] };
  await context.close();
  return session;
}

export const test = base.extend<{ people: People }>({
  people: async ({ browser, baseURL, contextOptions, locale, timezoneId, permissions }, use) => {
    const watch = new Watch();
    const contexts: BrowserContext[] = [];
    const origin = baseURL ?? "";
    const open = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        baseURL: origin,
        locale,
        timezoneId,
        permissions,
        ...options,
      });
      watch.context(context, origin);
      contexts.push(context);
      return context;
    };
    await use({
      watch,
      browser: open,
      guest: async (options) => (await open(options)).newPage(),
      host: async (options) => (await open({ storageState: await signedIn(browser, origin), ...options })).newPage(),
    });
    for (const context of contexts) await context.close();
    expect(watch.complaints).toEqual([]);
  },
});

/** Makes a meeting by the API, as the page's own session. */
export async function makeMeeting(page: Page, title: string, settings: Record<string, unknown> = {}): Promise<string> {
  const answer = await page.request.post("/api/v1/meetings", { data: { title, settings } });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { joinCode: string }).joinCode;
}

/** Makes an account by the API, as the page's own session. */
export async function makeAccount(
  page: Page,
  member: { email: string; displayName: string; password: string },
): Promise<void> {
  const answer = await page.request.post("/api/v1/accounts", { data: member });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Signs in by the form that the page shows. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** From the link into the room, or to the waiting room. */
export async function knock(page: Page, code: string, name: string): Promise<void> {
  await page.goto(`/join/${code}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join", exact: true }).click();
}

export { expect };
