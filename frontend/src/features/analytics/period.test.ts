import assert from "node:assert/strict";
import { test } from "node:test";
import { periodOf } from "./period.ts";

test("a week ends today and has seven days", () => {
  assert.deepEqual(periodOf("week", new Date("2026-03-02T12:00:00Z")), {
    from: "2026-02-24",
    to: "2026-03-02",
    interval: "day",
  });
});

test("today is the day in UTC, wherever the browser is", () => {
  assert.equal(periodOf("month", new Date("2026-03-02T00:30:00+02:00")).to, "2026-03-01");
});

test("longer times have longer steps", () => {
  const now = new Date("2026-03-02T12:00:00Z");
  assert.equal(periodOf("quarter", now).interval, "week");
  assert.equal(periodOf("year", now).interval, "month");
});
