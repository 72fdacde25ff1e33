// Writes each page's content security policy into it: scripts of this build and no others. An export has no server that could
// make a nonce for every answer, so inline scripts are named by their hashes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { out, pages } from "./pages.mjs";

/** LiveKit and the object storage may be on hosts of their own, which one build for every host can't know. */
const local = "http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*";

/** The page of a call: a background is blurred by WebAssembly. */
const withWebAssembly = new Set(["join.html"]);

const policy = (path, hashes) =>
  [
    "default-src 'self'",
    `script-src 'self' ${withWebAssembly.has(path) ? "'wasm-unsafe-eval' " : ""}${hashes.join(" ")}`,
    // Mantine and React set styles of elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' data: blob: https: wss: ${local}`,
    `media-src 'self' blob: https: ${local}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");

for (const path of pages()) {
  const file = new URL(path, out);
  const html = readFileSync(file, "utf8");
  if (html.includes('http-equiv="Content-Security-Policy"')) continue;
  const inline = [...html.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(([, text]) => text);
  const hashes = [...new Set(inline)].map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(path, hashes)}"/>`;
  if (!/<head>/.test(html)) throw new Error(`${path} has no <head>: the policy can't be written`);
  writeFileSync(
    file,
    html.replace("<head>", () => `<head>${meta}`),
  );
}
