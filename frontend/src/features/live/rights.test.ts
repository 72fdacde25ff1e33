import assert from "node:assert/strict";
import { test } from "node:test";
import { rights } from "./rights.ts";

const connection = { canChat: false, canDraw: true, canPublishSources: ["camera" as const] };

test("only hosts record, and only where the meeting lets them", () => {
  assert.equal(rights("host", connection, { record: "hosts" }).canRecord, true);
  assert.equal(rights("host", connection, { record: "nobody" }).canRecord, false);
  assert.equal(rights("member", connection, { record: "hosts" }).canRecord, false);
  assert.equal(rights("guest", connection, { record: "hosts" }).isHost, false);
});

test("the rest is what the server allowed", () => {
  const { canChat, canDraw, sources } = rights("guest", connection, { record: "nobody" });
  assert.deepEqual({ canChat, canDraw, sources }, { canChat: false, canDraw: true, sources: ["camera"] });
});
