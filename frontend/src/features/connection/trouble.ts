/** Why one's own connection is poor: what is sent, what is received, the time between them, or the computer itself. */
export type Trouble = "upload" | "download" | "delay" | "computer" | "unknown";

/** What WebRTC has counted of a call since it began, and what it says of the moment. */
export interface Counters {
  packetsReceived: number;
  packetsLost: number;
  /** The part of what was sent that didn't arrive, 0 to 1, as the other side says. */
  lostOfSent: number;
  /** Seconds. */
  roundTrip: number;
  /** What keeps the encoder from sending what it should. */
  limitation: "bandwidth" | "cpu" | "none";
}

export const nothingCounted: Counters = {
  packetsReceived: 0,
  packetsLost: 0,
  lostOfSent: 0,
  roundTrip: 0,
  limitation: "none",
};

/** From here on people hear and see gaps. */
const noticedLoss = 0.03;
/** From here on people talk into each other's sentences. */
const noticedDelay = 0.4;

/** The most likely reason for a connection that is known to be poor. */
export function troubleOf(before: Counters, now: Counters): Trouble {
  const received = now.packetsReceived - before.packetsReceived;
  const lost = now.packetsLost - before.packetsLost;
  if (now.limitation === "cpu") return "computer";
  if (now.lostOfSent >= noticedLoss || now.limitation === "bandwidth") return "upload";
  if (lost > 0 && lost / (received + lost) >= noticedLoss) return "download";
  if (now.roundTrip >= noticedDelay) return "delay";
  return "unknown";
}

/** Adds one track's statistics, as `getStats` gives them. */
export function count(counters: Counters, report: Iterable<Record<string, unknown>>): Counters {
  const sum = { ...counters };
  for (const entry of report) {
    switch (entry["type"]) {
      case "inbound-rtp":
        sum.packetsReceived += number(entry["packetsReceived"]);
        sum.packetsLost += number(entry["packetsLost"]);
        break;
      case "remote-inbound-rtp":
        sum.lostOfSent = Math.max(sum.lostOfSent, number(entry["fractionLost"]));
        sum.roundTrip = Math.max(sum.roundTrip, number(entry["roundTripTime"]));
        break;
      case "outbound-rtp":
        if (entry["qualityLimitationReason"] === "cpu") sum.limitation = "cpu";
        if (entry["qualityLimitationReason"] === "bandwidth" && sum.limitation === "none") sum.limitation = "bandwidth";
        break;
      default:
    }
  }
  return sum;
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
