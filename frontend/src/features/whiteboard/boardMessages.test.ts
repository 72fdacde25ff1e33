import assert from "node:assert/strict";
import { test } from "node:test";
import { BoardReader, encode, encodeElements } from "./boardMessages.ts";

const element = (id: string, text = "") => ({ id, type: "text", version: 1, versionNonce: 1, isDeleted: false, text });

const bytes = (text: string) => new TextEncoder().encode(text);

test("many elements go in messages that LiveKit carries", () => {
  const elements = Array.from({ length: 300 }, (_, index) => element(`e${index}`, "x".repeat(200)));
  const messages = encodeElements("w", elements, () => "m");
  assert.ok(messages.length > 3);
  for (const message of messages) assert.ok(message.length <= 15_000, String(message.length));
  const reader = new BoardReader();
  const back = messages.flatMap((message) => {
    const read = reader.read(message, "ada", 0);
    return read?.type === "elements" ? read.elements : [];
  });
  assert.deepEqual(back, elements);
});

test("an element that is too long goes in parts, whatever is in it and in whatever order they come", () => {
  const long = element("long", '€"\\\u0001'.repeat(10_000));
  const messages = encodeElements("w", [element("a"), long], () => "m1");
  for (const message of messages) assert.ok(message.length <= 15_000, String(message.length));
  const reader = new BoardReader();
  const read = messages.toReversed().flatMap((message) => reader.read(message, "ada", 0) ?? []);
  assert.deepEqual(read.map((message) => (message.type === "elements" ? message.elements[0]?.id : "")).toSorted(), [
    "a",
    "long",
  ]);
});

test("parts of two people and parts that are too old aren't mixed", () => {
  const parts = encodeElements("w", [element("long", "y".repeat(30_000))], () => "m1");
  const reader = new BoardReader();
  const [first, ...others] = parts;
  assert.ok(first);
  reader.read(first, "ada", 0);
  for (const part of others) assert.equal(reader.read(part, "ben", 0), undefined);
  for (const part of others) assert.equal(reader.read(part, "ada", 10_001), undefined);
});

test("what isn't a message is none", () => {
  const reader = new BoardReader();
  for (const text of [
    "",
    "[]",
    "null",
    '{"type":"elements","whiteboardId":"w","elements":[{}]}',
    '{"type":"pointer"}',
  ]) {
    assert.equal(reader.read(bytes(text), "ada", 0), undefined, text);
  }
  assert.equal(
    reader.read(encode({ type: "part", whiteboardId: "w", message: "m", part: 0, parts: 1e9, text: "" }), "ada", 0),
    undefined,
  );
});
