import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeReaction, encodeReaction, reactions } from "./reaction.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("each reaction arrives as it was sent", () => {
  for (const reaction of reactions) assert.equal(decodeReaction(encodeReaction(reaction)), reaction);
  assert.equal(decodeReaction(bytes({ reaction: "👩‍👩‍👧" })), "👩‍👩‍👧");
  assert.equal(decodeReaction(bytes({ reaction: "🇩🇪" })), "🇩🇪");
});

test("what isn't one emoji is no reaction", () => {
  for (const reaction of ["", "a", "👍👍", "👍 hello", "1", 5, null, { text: "👍" }, "👩‍👩‍👧".repeat(9)]) {
    assert.equal(decodeReaction(bytes({ reaction })), undefined, String(reaction));
  }
  assert.equal(decodeReaction(bytes(["👍"])), undefined);
  assert.equal(decodeReaction(bytes("👍")), undefined);
  assert.equal(decodeReaction(new Uint8Array([0xff, 0x00])), undefined);
});
