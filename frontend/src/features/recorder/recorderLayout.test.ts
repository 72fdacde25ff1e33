import assert from "node:assert/strict";
import { test } from "node:test";
import { recorderLayout } from "./recorderLayout.ts";

test("the recorder's names of layouts, in any colours", () => {
  assert.equal(recorderLayout("speaker"), "speaker");
  assert.equal(recorderLayout("speaker-dark"), "speaker");
  assert.equal(recorderLayout("grid-light"), "grid");
  assert.equal(recorderLayout("single-speaker"), "grid");
  assert.equal(recorderLayout(""), "grid");
});
