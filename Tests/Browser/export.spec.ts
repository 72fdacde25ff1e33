import { readdirSync, readFileSync } from "node:fs";
import { expect, makeMeeting, test } from "./people.ts";

const folder = process.env.FRONTEND_OUT ?? "";
const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
const read = (path: string) => readFileSync(`${folder}/${path}`, "utf8");

test("every page allows the scripts of this build alone, and WebAssembly only where a background is blurred", () => {
  const pages = files.filter((path) => path.endsWith(".html"));
  expect(pages.length).toBeGreaterThan(8);
  for (const path of pages) {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(read(path))?.[1] ?? "";
    const scripts = policy.split("; ").find((part) => part.startsWith("script-src "));
    expect(scripts, path).toMatch(/^script-src 'self' ('wasm-unsafe-eval' )?('sha256-[\w+/=]+' ?)*$/);
    expect(scripts?.includes("'wasm-unsafe-eval'"), path).toBe(path === "join.html");
    expect(policy, path).toContain("default-src 'self'");
  }
});

test("a script from elsewhere doesn't run", async ({ people }) => {
  people.watch.allow(/Content Security Policy|Content-Security-Policy/);
  const host = await people.host();
  const code = await makeMeeting(host, "Policy");
  for (const path of ["/meetings", `/join/${code}`]) {
    await host.goto(path);
    const refused = host.waitForEvent("console", (message) => message.text().includes("Security Policy"));
    const ran = await host.evaluate(() => {
      document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" }));
      return "ran" in window;
    });
    expect(ran).toBe(false);
    await refused;
  }
});

test("nothing secret is in the export", () => {
  const secret = /(LIVEKIT_API|SESSION|S3)_(SECRET|SECRET_KEY)\b|PRIVATE KEY-----|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/;
  const texts = files.filter((path) => /\.(js|html|txt|json|css)$/.test(path));
  expect(texts.length).toBeGreaterThan(30);
  for (const path of texts) expect(secret.exec(read(path))?.[0], path).toBeUndefined();
});
