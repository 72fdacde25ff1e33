/** The way that media take, as WebRTC's statistics tell it. */
export interface Route {
  protocol: "udp" | "tcp";
  /** By a TURN server, and how that is reached. */
  relay: string | undefined;
  /** Seconds there and back. */
  roundTrip: number | undefined;
}

type Stats = Record<string, unknown>;

/** The pair of candidates in use; nothing before there is one. */
export function routeOf(report: Iterable<Stats>): Route | undefined {
  const entries = [...report];
  const byId = new Map(entries.map((entry) => [entry["id"], entry]));
  const chosen = entries.find((entry) => entry["type"] === "transport")?.["selectedCandidatePairId"];
  // Firefox names the pair on the pair itself.
  const pair = byId.get(chosen) ?? entries.find((entry) => entry["type"] === "candidate-pair" && entry["selected"]);
  if (!pair) return undefined;
  const local = byId.get(pair["localCandidateId"]);
  const isRelayed = local?.["candidateType"] === "relay";
  const roundTrip = pair["currentRoundTripTime"];
  return {
    protocol: local?.["protocol"] === "tcp" ? "tcp" : "udp",
    relay: isRelayed ? text(local["relayProtocol"], "udp") : undefined,
    roundTrip: typeof roundTrip === "number" ? roundTrip : undefined,
  };
}

/** Whether the server named an address that is reached by this protocol. */
export function isOffered(report: Iterable<Stats>, protocol: "udp" | "tcp"): boolean {
  return [...report].some((entry) => entry["type"] === "remote-candidate" && entry["protocol"] === protocol);
}

/** The candidates of both sides without addresses, which say where someone is. */
export function described(report: Iterable<Stats>): string {
  const kinds = [...report]
    .filter(({ type }) => type === "local-candidate" || type === "remote-candidate")
    .map((entry) => {
      const side = entry["type"] === "local-candidate" ? "local" : "remote";
      return `${side} ${text(entry["protocol"], "?")} ${text(entry["candidateType"], "?")}`;
    });
  return [...new Set(kinds)].toSorted().join(", ");
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
