import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "./pace.ts";

const after = (durations: number[]) => {
  const pace = new Pace();
  return durations.map((each) => pace.isSlow(each)).at(-1);
};
const times = (count: number, value: number) => Array.from({ length: count }, () => value);

test("what takes longer than a tenth of a second is slow", () => {
  assert.equal(after(times(40, 101)), true);
  assert.equal(after(times(40, 99)), false);
});

test("nothing is said before there is enough to judge by, and the beginning doesn't count", () => {
  assert.equal(after(times(39, 500)), undefined);
  assert.equal(after([...times(10, 5000), ...times(30, 20)]), false);
});

test("only the last pictures count", () => {
  assert.equal(after([...times(60, 20), ...times(30, 200)]), true);
  assert.equal(after([...times(60, 200), ...times(30, 20)]), false);
});
