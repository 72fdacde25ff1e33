import assert from "node:assert/strict";
import { test } from "node:test";
import { withRegion } from "./locales.ts";

test("dates and numbers are written as in the browser's region", () => {
  assert.equal(withRegion("en", ["fr-FR", "en-GB", "en-US"]), "en-GB");
  assert.equal(withRegion("de", ["en-GB", "de-CH"]), "de-CH");
  assert.equal(withRegion("de", ["en-GB"]), "de");
});
