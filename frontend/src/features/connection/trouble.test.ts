import assert from "node:assert/strict";
import { test } from "node:test";
import { count, nothingCounted, troubleOf } from "./trouble.ts";

const now = (part: Partial<typeof nothingCounted>) => troubleOf(nothingCounted, { ...nothingCounted, ...part });

test("what is sent and doesn't arrive is the upload's trouble", () => {
  assert.equal(now({ lostOfSent: 0.05 }), "upload");
  assert.equal(now({ limitation: "bandwidth" }), "upload");
});

test("what doesn't arrive here is the download's, counted since the last look", () => {
  assert.equal(now({ packetsReceived: 95, packetsLost: 5 }), "download");
  const before = { ...nothingCounted, packetsReceived: 1000, packetsLost: 100 };
  assert.equal(troubleOf(before, { ...before, packetsReceived: 2000 }), "unknown");
  assert.equal(troubleOf(before, { ...before, packetsReceived: 1000, packetsLost: 90 }), "unknown");
});

test("a computer that can't keep up comes before the network", () => {
  assert.equal(now({ limitation: "cpu", lostOfSent: 0.5 }), "computer");
});

test("a long way is a reason of its own", () => {
  assert.equal(now({ roundTrip: 0.6 }), "delay");
  assert.equal(now({ roundTrip: 0.1 }), "unknown");
});

test("statistics of several tracks are summed up", () => {
  const camera = [
    { type: "remote-inbound-rtp", fractionLost: 0.02, roundTripTime: 0.2 },
    { type: "outbound-rtp", qualityLimitationReason: "bandwidth" },
    { type: "candidate-pair" },
  ];
  const voice = [{ type: "inbound-rtp", packetsReceived: 10, packetsLost: 1 }];
  assert.deepEqual(count(count(count(nothingCounted, camera), voice), voice), {
    packetsReceived: 20,
    packetsLost: 2,
    lostOfSent: 0.02,
    roundTrip: 0.2,
    limitation: "bandwidth",
  });
});
