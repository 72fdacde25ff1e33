import assert from "node:assert/strict";
import { test } from "node:test";
import { rates, trafficOf } from "./traffic.ts";

test("picture and tone are summed up, each way by its own counts", () => {
  const sent = [
    [
      { type: "outbound-rtp", bytesSent: 1000, packetsSent: 10, framesSent: 5 },
      { type: "remote-inbound-rtp", packetsLost: 1, roundTripTime: 0.05 },
    ],
    [{ type: "outbound-rtp", bytesSent: 200, packetsSent: 4 }],
  ];
  assert.deepEqual(trafficOf(sent), { bytes: 1200, packets: 14, lost: 1, frames: 5, roundTrip: 0.05 });
  const received = [
    [{ type: "inbound-rtp", bytesReceived: 900, packetsReceived: 9, packetsLost: 1, framesDecoded: 4 }],
  ];
  assert.deepEqual(trafficOf(received), { bytes: 900, packets: 9, lost: 1, frames: 4, roundTrip: undefined });
});

test("rates are those between two looks", () => {
  const before = { bytes: 1000, packets: 100, lost: 50, frames: 0, roundTrip: undefined };
  const now = { bytes: 251_000, packets: 190, lost: 60, frames: 0, roundTrip: undefined };
  assert.deepEqual(rates(before, now, 2), { kilobits: 1000, loss: 10 });
  assert.deepEqual(rates(before, before, 0), { kilobits: 0, loss: 0 });
});
