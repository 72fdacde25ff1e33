import assert from "node:assert/strict";
import { test } from "node:test";
import { addMessages, messageOf } from "./messageLog.ts";

const message = (id: string, text = "hello") => ({
  id,
  participantId: "p",
  displayName: "Ada",
  role: "guest" as const,
  text,
  sentAt: "2026-03-01T09:00:00Z",
});

test("messages come once and in order, wherever they came from", () => {
  const log = addMessages([message("2"), message("4")], [message("3"), message("1"), message("2")]);
  assert.deepEqual(
    log.map(({ id }) => id),
    ["1", "2", "3", "4"],
  );
});

test("an event has the whole message", () => {
  const { sentAt, ...data } = message("7", "hi");
  assert.deepEqual(messageOf({ name: "message.sent", data: { ...data, at: sentAt } }), message("7", "hi"));
});

test("an event without all of it gives none", () => {
  assert.equal(messageOf({ name: "message.sent", data: { id: "7", text: "hi" } }), undefined);
});
