import { Room, RoomEvent, Track, type LocalTrack, type RemoteTrack } from "livekit-client";
import type { ConnectionTest } from "@/api/schema";
import { described, isOffered, routeOf, type Route } from "./route";
import type { StepName, StepResult } from "./steps";
import { testSignal } from "./testSignal";
import { rates, trafficOf, type Traffic } from "./traffic";

/** What each thing may take before it counts as failed. */
const limits = { server: 10_000, media: 20_000, flow: 15_000, measure: 3000, tcp: 20_000 };

type Tell = (step: StepName, result: StepResult) => void;

/**
 * Tries out everything, one step after the other, with two connections of this browser: one sends to the server what the other is to
 * receive. Tells of each step when it begins and when it has ended. Ends early when `signal` says so.
 */
export async function runTest(test: ConnectionTest, signal: AbortSignal, tell: Tell): Promise<void> {
  const sender = new Room({ dynacast: false, adaptiveStream: false });
  const receiver = new Room({ dynacast: false, adaptiveStream: false });
  const close = () => void Promise.all([sender.disconnect(), receiver.disconnect()]);
  signal.addEventListener("abort", close);
  try {
    const route = await connect(sender, test, tell);
    if (route && !signal.aborted) {
      await exchange(sender, receiver, test, tell);
      await tryTCP(sender, route, tell);
    }
    if (!signal.aborted) await tryTURN(sender, test, tell);
  } finally {
    signal.removeEventListener("abort", close);
    await Promise.all([sender.disconnect(), receiver.disconnect()]);
  }
}

/** The first connection tells two things: whether the server is reached, and by which way media go. */
async function connect(sender: Room, test: ConnectionTest, tell: Tell): Promise<Route | undefined> {
  tell("server", { status: "running" });
  const reached = once(sender, RoomEvent.SignalConnected);
  const connected = sender.connect(test.url, test.senderToken);
  // Whichever ends first is told; the other one must not go unheard.
  connected.catch(() => undefined);
  try {
    await within(limits.server, Promise.race([reached, connected]));
  } catch (error) {
    tell("server", { status: "failed", detail: "serverAway", technical: String(error) });
    for (const step of ["udp", "send", "receive", "tcp"] as const) tell(step, unreached);
    return undefined;
  }
  tell("server", { status: "passed" });
  tell("udp", { status: "running" });
  try {
    await within(limits.media, connected);
  } catch (error) {
    const technical = `${String(error)}; ${described(await statistics(sender))}`;
    tell("udp", { status: "failed", detail: "mediaBlocked", technical });
    for (const step of ["send", "receive", "tcp"] as const) tell(step, unreached);
    return undefined;
  }
  const report = await statistics(sender);
  const route = routeOf(report);
  const technical = described(report);
  const isDirect = route?.protocol === "udp" && route.relay === undefined;
  tell("udp", {
    status: isDirect ? "passed" : "failed",
    detail: isDirect ? "udpDirect" : "udpBlocked",
    technical,
    ...(route?.roundTrip === undefined ? {} : { milliseconds: Math.round(1000 * route.roundTrip) }),
  });
  return route ?? { protocol: "udp", relay: undefined, roundTrip: undefined };
}

const unreached: StepResult = { status: "failed", detail: "needsConnection" };

/** Sends a picture and a tone, and sees that both come back. */
async function exchange(sender: Room, receiver: Room, test: ConnectionTest, tell: Tell): Promise<void> {
  tell("send", { status: "running" });
  tell("receive", { status: "running" });
  const signal = testSignal();
  const received: RemoteTrack[] = [];
  // Pictures are decoded where someone could see them.
  const screen = document.createElement("video");
  receiver.on(RoomEvent.TrackSubscribed, (track) => {
    received.push(track);
    if (track.kind === Track.Kind.Video) track.attach(screen);
  });
  try {
    await within(limits.media, receiver.connect(test.url, test.receiverToken));
    const sent: LocalTrack[] = [];
    for (const [track, source] of [
      [signal.video, Track.Source.Camera],
      [signal.audio, Track.Source.Microphone],
    ] as const) {
      const publication = await within(
        limits.media,
        sender.localParticipant.publishTrack(track, { source, simulcast: false }),
      );
      if (publication.track) sent.push(publication.track);
    }
    const outgoing = await flow(sent, (traffic) => traffic.frames > 0 && traffic.packets > 0);
    tell("send", told(outgoing, "sent", "notSent"));
    const incoming = await flow(received, (traffic) => traffic.frames > 0 && received.length > 1);
    tell("receive", told(incoming, "received", "notReceived"));
  } catch (error) {
    tell("send", { status: "failed", detail: "notSent", technical: String(error) });
    tell("receive", { status: "failed", detail: "notReceived", technical: String(error) });
  } finally {
    signal.stop();
    screen.remove();
  }
}

interface Flow {
  isFlowing: boolean;
  kilobits: number;
  loss: number;
  milliseconds?: number;
}

function told({ isFlowing, ...figures }: Flow, good: "sent" | "received", bad: "notSent" | "notReceived"): StepResult {
  return isFlowing ? { status: "passed", detail: good, ...figures } : { status: "failed", detail: bad, ...figures };
}

/** Waits until something flows, then measures for some seconds. */
async function flow(tracks: (LocalTrack | RemoteTrack)[], isFlowing: (traffic: Traffic) => boolean): Promise<Flow> {
  const look = async () =>
    trafficOf(
      await Promise.all(
        tracks.map(
          async (track) => [...((await track.getRTCStatsReport())?.values() ?? [])] as Record<string, unknown>[],
        ),
      ),
    );
  const end = performance.now() + limits.flow;
  let before = await look();
  while (!isFlowing(before)) {
    if (performance.now() > end) return { isFlowing: false, kilobits: 0, loss: 0 };
    await pause(200);
    before = await look();
  }
  const begin = performance.now();
  await pause(limits.measure);
  const now = await look();
  return {
    isFlowing: true,
    ...rates(before, now, (performance.now() - begin) / 1000),
    ...(now.roundTrip === undefined ? {} : { milliseconds: Math.round(1000 * now.roundTrip) }),
  };
}

/** Asks the server to go on by TCP. Servers that don't offer it aren't asked. */
async function tryTCP(sender: Room, route: Route, tell: Tell): Promise<void> {
  tell("tcp", { status: "running" });
  const report = await statistics(sender);
  const technical = described(report);
  if (route.protocol === "tcp" && route.relay === undefined) {
    tell("tcp", { status: "passed", detail: "tcpWorks", technical });
    return;
  }
  if (!isOffered(report, "tcp")) {
    tell("tcp", { status: "absent", detail: "tcpAbsent", technical });
    return;
  }
  try {
    const back = once(sender, RoomEvent.Reconnected);
    await sender.simulateScenario("force-tcp");
    await within(limits.tcp, back);
    const now = routeOf(await statistics(sender));
    tell(
      "tcp",
      now?.protocol === "tcp"
        ? { status: "passed", detail: "tcpWorks", technical }
        : { status: "untold", detail: "tcpNotTried", technical },
    );
  } catch (error) {
    tell("tcp", { status: "failed", detail: "tcpBlocked", technical: `${String(error)}; ${technical}` });
  }
}

/** Connects by a TURN server and by nothing else, where the server has named one. */
async function tryTURN(sender: Room, test: ConnectionTest, tell: Tell): Promise<void> {
  tell("turn", { status: "running" });
  const engine = sender.engine as Room["engine"] | undefined;
  const servers = engine?.latestJoinResponse?.iceServers?.flatMap(({ urls }) => urls) ?? [];
  const relays = servers.filter((url) => /^turns?:/.test(url));
  await sender.disconnect();
  if (relays.length === 0) {
    tell("turn", { status: "absent", detail: "turnAbsent" });
    return;
  }
  const room = new Room();
  try {
    await within(
      limits.media,
      room.connect(test.url, test.senderToken, { rtcConfig: { iceTransportPolicy: "relay" } }),
    );
    const route = routeOf(await statistics(room));
    const works = route?.relay !== undefined;
    tell("turn", {
      status: works ? "passed" : "failed",
      detail: works ? "turnWorks" : "turnBlocked",
      technical: `${relays.join(", ")} ${route?.relay ?? ""}`.trim(),
    });
  } catch (error) {
    tell("turn", { status: "failed", detail: "turnBlocked", technical: `${String(error)}; ${relays.join(", ")}` });
  } finally {
    await room.disconnect();
  }
}

/** What WebRTC tells of the connection; nothing once it is gone. */
async function statistics(room: Room): Promise<Record<string, unknown>[]> {
  // A room that was never connected has no engine, whatever the types say.
  const engine = room.engine as Room["engine"] | undefined;
  const report = await engine?.pcManager?.publisher.getStats()?.catch(() => undefined);
  return [...(report?.values() ?? [])] as Record<string, unknown>[];
}

function once(room: Room, event: RoomEvent.SignalConnected | RoomEvent.Reconnected): Promise<void> {
  return new Promise((resolve) => room.once(event, () => resolve()));
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
