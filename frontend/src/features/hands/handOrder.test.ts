import assert from "node:assert/strict";
import { test } from "node:test";
import { handRaisedAt, inOrder, raisedHands } from "./handOrder.ts";

const person = (name: string, hand?: string, isLocal = false) => ({
  name,
  isLocal,
  attributes: hand === undefined ? ({} as Record<string, string>) : { handRaisedAt: hand },
});

test("hands come in the order in which they were raised", () => {
  const people = [person("C", "1772355600.5"), person("A"), person("B", "1772355600.25"), person("D", "999999999")];
  assert.deepEqual(
    raisedHands(people).map(({ name }) => name),
    ["D", "B", "C"],
  );
});

test("nothing else is a raised hand", () => {
  for (const text of ["", "up", "NaN"]) assert.equal(handRaisedAt({ handRaisedAt: text }), undefined, text);
  assert.equal(handRaisedAt({}), undefined);
});

test("the list has hands, oneself, then names as the language orders them", () => {
  const people = [person("Zoë"), person("özlem"), person("Otto"), person("Me", undefined, true), person("Yan", "5")];
  assert.deepEqual(
    inOrder(people, "de").map(({ name }) => name),
    ["Yan", "Me", "Otto", "özlem", "Zoë"],
  );
});
