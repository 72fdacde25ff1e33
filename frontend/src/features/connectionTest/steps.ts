/** What is tried out, in this order. */
export const steps = ["server", "udp", "send", "receive", "tcp", "turn"] as const;
export type StepName = (typeof steps)[number];

/** `absent`: the server doesn't offer it, so nothing was tried. `untold`: it was tried, and what came out says nothing. */
export type StepStatus = "waiting" | "running" | "passed" | "failed" | "absent" | "untold";

/** What more there is to say of a step, as the texts name it. */
export type Detail =
  | "serverAway"
  | "udpDirect"
  | "udpBlocked"
  | "mediaBlocked"
  | "sent"
  | "notSent"
  | "received"
  | "notReceived"
  | "needsConnection"
  | "tcpWorks"
  | "tcpBlocked"
  | "tcpNotTried"
  | "tcpAbsent"
  | "turnWorks"
  | "turnBlocked"
  | "turnAbsent";

export interface StepResult {
  status: StepStatus;
  detail?: Detail;
  /** Figures that belong to the detail. */
  kilobits?: number;
  milliseconds?: number;
  /** Percent. */
  loss?: number;
  /** For the administrator: what the browser said. */
  technical?: string;
}

export type Results = Readonly<Record<StepName, StepResult>>;

export const nothingTried: Results = {
  server: { status: "waiting" },
  udp: { status: "waiting" },
  send: { status: "waiting" },
  receive: { status: "waiting" },
  tcp: { status: "waiting" },
  turn: { status: "waiting" },
};

/** `good`: calls will work. `slow`: they work by a detour, which costs quality. `bad`: they won't. */
export type Verdict = "good" | "slow" | "bad";

/** What the results mean together, once all is tried. */
export function verdict(results: Results): Verdict {
  const { server, udp, send, receive } = results;
  if ([server, send, receive].some(({ status }) => status !== "passed")) return "bad";
  return udp.status === "passed" ? "good" : "slow";
}
