"use client";

import { useIsMuted } from "@livekit/components-react";
import type { Participant, Track } from "livekit-client";
import { useMemo } from "react";

/** Whether someone's microphone or camera is off, or was never on. */
export function useIsSourceMuted(participant: Participant, source: Track.Source): boolean {
  return useIsMuted(useMemo(() => ({ participant, source }), [participant, source]));
}
