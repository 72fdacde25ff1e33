import assert from "node:assert/strict";
import { test } from "node:test";
import { recordingRequest, size } from "./recordingRequest.ts";

test("only a recording of one person names someone", () => {
  assert.deepEqual(recordingRequest("participant", "p1"), { kind: "participant", participantId: "p1" });
  assert.deepEqual(recordingRequest("audio", "p1"), { kind: "audio" });
});

test("sizes are in their largest unit", () => {
  assert.deepEqual(size(512), { value: 0.512, unit: "kilobyte" });
  assert.deepEqual(size(1_500_000), { value: 1.5, unit: "megabyte" });
  assert.deepEqual(size(2e9), { value: 2, unit: "gigabyte" });
});
