import assert from "node:assert/strict";
import { test } from "node:test";
import { change, draft, formValues, localTime } from "./meetingForm.ts";

process.env.TZ = "Europe/Zurich";

test("a scheduled draft has its times in UTC", () => {
  const made = draft({ ...formValues(), title: "Weekly", start: "2026-03-02T10:00", end: "" });
  assert.equal(made.scheduledStart, "2026-03-02T09:00:00.000Z");
  assert.equal(made.scheduledEnd, null);
  assert.equal(made.settings?.capacity, null);
});

test("other kinds have no times", () => {
  const made = draft({ ...formValues(), title: "Room", kind: "recurring", start: "2026-03-02T10:00" });
  assert.ok(!("scheduledStart" in made));
});

test("a passcode that isn't typed again stays, and one that is switched off goes", () => {
  const values = { ...formValues(), title: "T", kind: "instant" as const, usesPasscode: true };
  assert.ok(!("passcode" in (change(values).settings ?? {})));
  assert.equal(change({ ...values, passcode: "2718" }).settings?.passcode, "2718");
  assert.equal(change({ ...values, usesPasscode: false, passcode: "2718" }).settings?.passcode, null);
});

test("times of the server are shown in local time", () => {
  assert.equal(localTime("2026-07-01T09:30:00.000Z"), "2026-07-01T11:30");
  assert.equal(localTime(null), "");
});
