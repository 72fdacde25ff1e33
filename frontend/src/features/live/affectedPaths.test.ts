import assert from "node:assert/strict";
import { test } from "node:test";
import { affectedPaths } from "./affectedPaths.ts";

test("an event makes old what it is about", () => {
  assert.deepEqual(affectedPaths("recording.changed"), ["/api/v1/meetings/{meeting_id}/recordings"]);
  assert.deepEqual(affectedPaths("participant.role_changed"), ["/api/v1/meetings/{meeting_id}/participants/me"]);
  assert.deepEqual(affectedPaths("lobby.knocked"), ["/api/v1/meetings/{meeting_id}/participants"]);
});

test("what comes often and whole makes nothing old", () => {
  for (const name of ["participant.joined", "participant.left", "message.sent", "hand.raised", "whiteboard.changed"]) {
    assert.deepEqual(affectedPaths(name), [], name);
  }
});

test("after a reset everything is read again, once", () => {
  const all = affectedPaths("reset");
  assert.equal(all.length, 5);
  assert.equal(new Set(all).size, 5);
});
