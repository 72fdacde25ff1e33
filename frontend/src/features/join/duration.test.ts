import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "./duration.ts";

test("splits seconds", () => {
  assert.deepEqual(duration(3725.9), { hours: 1, minutes: 2, seconds: 5 });
  assert.deepEqual(duration(-1), { hours: 0, minutes: 0, seconds: 0 });
});
