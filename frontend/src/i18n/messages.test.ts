import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("messages/", import.meta.url);
const files = readdirSync(folder);

/** Adds every text with its path, such as `meetings.states.live`. */
function collect(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  if (typeof value === "string") return into.set(path, value);
  assert.ok(typeof value === "object" && value !== null, path);
  for (const [name, child] of Object.entries(value)) collect(child, path === "" ? name : `${path}.${name}`, into);
  return into;
}

/** The names of a text's arguments. */
function names(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? ""))].toSorted();
}

const all = new Map(
  files.map((file) => [file, collect(JSON.parse(readFileSync(new URL(file, folder), "utf8")), "", new Map())]),
);
const english = all.get("en.json");

for (const [file, messages] of all) {
  test(`${file} has each text of the English file, with its arguments`, () => {
    assert.ok(english);
    assert.deepEqual([...messages.keys()].toSorted(), [...english.keys()].toSorted());
    for (const [path, text] of messages) {
      assert.notEqual(text.trim(), "", path);
      assert.deepEqual(names(text), names(english.get(path) ?? ""), path);
    }
  });
}

test("plurals have a case for everything else", () => {
  for (const messages of all.values()) {
    for (const [path, text] of messages) {
      const plurals = text.split(", plural,").length - 1;
      assert.equal(text.split(" other {").length - 1, plurals, path);
    }
  }
});
