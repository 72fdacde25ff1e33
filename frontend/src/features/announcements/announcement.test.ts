import assert from "node:assert/strict";
import { test } from "node:test";
import { announcementOf } from "./announcement.ts";

const audience = { ownId: "me", isChatOpen: false, nameOf: (id: string) => (id === "b" ? "Ben" : "") };
const of = (name: string, data: Record<string, unknown>, other = {}) =>
  announcementOf({ name, data }, { ...audience, ...other });

test("others' coming, hands and messages are told with their names", () => {
  assert.deepEqual(of("participant.joined", { participantId: "a", displayName: "Ada" }), {
    kind: "joined",
    name: "Ada",
  });
  assert.deepEqual(of("hand.raised", { participantId: "b" }), { kind: "handRaised", name: "Ben" });
  assert.deepEqual(of("message.sent", { participantId: "a", displayName: "Ada" })?.kind, "message");
});

test("nobody is told what they did themselves, or what they see anyway", () => {
  for (const name of ["participant.joined", "participant.left", "hand.raised", "message.sent"]) {
    assert.equal(of(name, { participantId: "me", displayName: "Me" }), undefined, name);
  }
  assert.equal(of("message.sent", { participantId: "a", displayName: "Ada" }, { isChatOpen: true }), undefined);
  assert.equal(of("participant.role_changed", { participantId: "a", role: "host" }), undefined);
});

test("what a host does to someone, they are told", () => {
  assert.equal(of("participant.muted", { participantId: "me", source: "camera" })?.kind, "stoppedCamera");
  assert.equal(of("participant.role_changed", { participantId: "me", role: "host" })?.kind, "madeHost");
  assert.equal(of("participant.role_changed", { participantId: "me", role: "guest" })?.kind, "noHost");
});
