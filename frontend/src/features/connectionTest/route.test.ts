import assert from "node:assert/strict";
import { test } from "node:test";
import { described, isOffered, routeOf } from "./route.ts";

const direct = [
  { id: "T", type: "transport", selectedCandidatePairId: "P" },
  { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", currentRoundTripTime: 0.02 },
  { id: "L", type: "local-candidate", protocol: "udp", candidateType: "srflx", address: "192.0.2.1" },
  { id: "R", type: "remote-candidate", protocol: "udp", candidateType: "host", address: "192.0.2.2" },
];

test("the way is that of the pair that the transport has chosen", () => {
  assert.deepEqual(routeOf(direct), { protocol: "udp", relay: undefined, roundTrip: 0.02 });
  assert.equal(routeOf(direct.slice(2)), undefined);
});

test("Firefox names the chosen pair on the pair", () => {
  const pair = { ...direct[1], selected: true };
  assert.equal(routeOf([pair, ...direct.slice(2)])?.protocol, "udp");
});

test("a relay is named with the protocol that reaches it", () => {
  const local = { ...direct[2], candidateType: "relay", relayProtocol: "tls" };
  assert.equal(routeOf([...direct.slice(0, 2), local])?.relay, "tls");
});

test("what the server offers is told from what this side has", () => {
  assert.equal(isOffered(direct, "udp"), true);
  assert.equal(isOffered(direct, "tcp"), false);
  assert.equal(isOffered([{ type: "local-candidate", protocol: "tcp" }], "tcp"), false);
});

test("a report holds no addresses", () => {
  assert.equal(described([...direct, ...direct]), "local udp srflx, remote udp host");
});
