"use client";

import { useConnectionQualityIndicator, useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { ConnectionQuality, type Room } from "livekit-client";
import { useEffect, useState } from "react";
import { count, nothingCounted, troubleOf, type Counters, type Trouble } from "./trouble";

const interval = 3000;

/** Why one's own connection is poor, for as long as LiveKit says that it is. The first look is without a reason. */
export function useTrouble(): Trouble | undefined {
  const room = useRoomContext();
  const { localParticipant } = useLocalParticipant();
  const { quality } = useConnectionQualityIndicator({ participant: localParticipant });
  const isPoor = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
  const [trouble, setTrouble] = useState<Trouble>();

  useEffect(() => {
    if (!isPoor) {
      setTrouble(undefined);
      return undefined;
    }
    setTrouble("unknown");
    let isCurrent = true;
    let before: Counters | undefined;
    const look = async () => {
      const now = await counted(room);
      if (isCurrent && before) setTrouble(troubleOf(before, now));
      before = now;
    };
    void look();
    const timer = setInterval(() => void look(), interval);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [isPoor, room]);

  return trouble;
}

async function counted(room: Room): Promise<Counters> {
  const everyone = [room.localParticipant, ...room.remoteParticipants.values()];
  let counters = nothingCounted;
  for (const { track } of everyone.flatMap((participant) => participant.getTrackPublications())) {
    // A track that ends meanwhile has no statistics.
    const report = await track?.getRTCStatsReport().catch(() => undefined);
    if (report) counters = count(counters, report.values());
  }
  return counters;
}
