type Stats = Record<string, unknown>;

/** What has been sent or received of the test's picture and tone. */
export interface Traffic {
  bytes: number;
  packets: number;
  lost: number;
  frames: number;
  /** Seconds; of what is sent. */
  roundTrip: number | undefined;
}

/** Sums up the statistics of tracks that go one way. */
export function trafficOf(reports: Iterable<Stats>[]): Traffic {
  const sum: Traffic = { bytes: 0, packets: 0, lost: 0, frames: 0, roundTrip: undefined };
  for (const entry of reports.flatMap((report) => [...report])) {
    switch (entry["type"]) {
      case "outbound-rtp":
        sum.bytes += number(entry["bytesSent"]);
        sum.packets += number(entry["packetsSent"]);
        sum.frames += number(entry["framesSent"]);
        break;
      case "inbound-rtp":
        sum.bytes += number(entry["bytesReceived"]);
        sum.packets += number(entry["packetsReceived"]);
        sum.lost += number(entry["packetsLost"]);
        sum.frames += number(entry["framesDecoded"]);
        break;
      case "remote-inbound-rtp":
        sum.lost += number(entry["packetsLost"]);
        sum.roundTrip = Math.max(sum.roundTrip ?? 0, number(entry["roundTripTime"]));
        break;
      default:
    }
  }
  return sum;
}

/** Kilobits a second and percent lost between two looks. */
export function rates(before: Traffic, now: Traffic, seconds: number): { kilobits: number; loss: number } {
  const packets = now.packets - before.packets;
  const lost = Math.max(0, now.lost - before.lost);
  return {
    kilobits: seconds > 0 ? Math.round((8 * (now.bytes - before.bytes)) / 1000 / seconds) : 0,
    loss: packets + lost > 0 ? Math.round((100 * lost) / (packets + lost)) : 0,
  };
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
