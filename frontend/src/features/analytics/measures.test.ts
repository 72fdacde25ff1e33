import assert from "node:assert/strict";
import { test } from "node:test";
import { plotted } from "./measures.ts";

const sums = { gatherings: 3, participants: 12, participantSeconds: 27_540, recordedSeconds: 0, abortedConnections: 1 };

test("times are plotted in hours with one decimal", () => {
  assert.equal(plotted(sums, "participantSeconds"), 7.7);
  assert.equal(plotted(sums, "recordedSeconds"), 0);
});

test("everything else is plotted as it is", () => {
  assert.equal(plotted(sums, "participants"), 12);
  assert.equal(plotted(sums, "abortedConnections"), 1);
});
