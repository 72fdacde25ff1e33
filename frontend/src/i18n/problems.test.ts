import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("problems/", import.meta.url);
const description = readFileSync(new URL("../../openapi.json", import.meta.url), "utf8");

/** What only the media server is told. */
const unseen = new Set(["unreadable_event", "unverified_event"]);

/** Every code that an operation's problems are described with. */
function declaredCodes(): string[] {
  const codes = [...description.matchAll(/"description": ?"[A-Z][^"]*?: ((?:`\w+`(?:, )?)+)\."/g)].flatMap((match) =>
    [...(match[1] ?? "").matchAll(/`(\w+)`/g)].map((code) => code[1] ?? ""),
  );
  return [...new Set(codes)].filter((code) => !unseen.has(code)).toSorted();
}

for (const file of readdirSync(folder)) {
  test(`${file} has a text for each problem that the server declares, and no other`, () => {
    const texts = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, string>;
    const codes = declaredCodes();
    assert.ok(codes.length > 40, `${codes.length} codes were found`);
    assert.deepEqual(Object.keys(texts).toSorted(), codes);
    for (const [code, text] of Object.entries(texts)) assert.match(text, /\w.*\.$/, code);
  });
}
