import assert from "node:assert/strict";
import { test } from "node:test";
import { tileOrder } from "./tileOrder.ts";

const tile = (id: string, spokeAt = 0, isSpeaking = false) => ({ id, spokeAt, isSpeaking, isFixed: id === "me" });

test("everybody stays in their place, and whoever comes is last", () => {
  assert.deepEqual(tileOrder([], [tile("me"), tile("a"), tile("b")], 4), ["me", "a", "b"]);
  assert.deepEqual(tileOrder(["me", "a", "b"], [tile("c"), tile("b"), tile("me")], 4), ["me", "b", "c"]);
});

test("who speaks on a later page takes the place of the one who has been quiet for longest", () => {
  const order = ["me", "a", "b", "c", "d"];
  const tiles = [tile("me"), tile("a", 20), tile("b", 10), tile("c"), tile("d", 30, true)];
  assert.deepEqual(tileOrder(order, tiles, 3), ["me", "a", "d", "c", "b"]);
  assert.deepEqual(tileOrder(order, tiles, 5), order);
  // Nobody who speaks gives way.
  assert.deepEqual(tileOrder(order, [tile("me"), tile("a", 20, true), tile("b", 10, true), tile("d", 1, true)], 3), [
    "me",
    "a",
    "b",
    "d",
  ]);
});
