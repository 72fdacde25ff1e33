import { readdirSync } from "node:fs";

export const out = new URL("../out/", import.meta.url);

/** The pages of the export, as paths in `out/`. */
export function pages() {
  return readdirSync(out, { recursive: true }).filter((path) => path.endsWith(".html"));
}

/** The scripts of a page that today's browsers load, as paths in `out/`. */
export function scripts(html) {
  const tags = [...html.matchAll(/<script\b[^>]*\bsrc="\/([^"?]+)[^>]*>/g)];
  return [...new Set(tags.filter(([tag]) => !/\bnomodule\b/i.test(tag)).map(([, path]) => path))];
}
