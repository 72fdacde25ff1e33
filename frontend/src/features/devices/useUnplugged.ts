"use client";

import { TrackEvent, type LocalTrack } from "livekit-client";
import { useEffect, useState } from "react";

/** Whether a device went away while its track was sent. LiveKit takes another device where there is one, and mutes otherwise. */
export function useUnplugged(track: LocalTrack | undefined, isEnabled: boolean): boolean {
  const [hasEnded, setHasEnded] = useState(false);

  useEffect(() => {
    const end = () => setHasEnded(true);
    const begin = () => setHasEnded(false);
    track?.on(TrackEvent.Ended, end).on(TrackEvent.Restarted, begin);
    return () => void track?.off(TrackEvent.Ended, end).off(TrackEvent.Restarted, begin);
  }, [track]);

  return hasEnded && !isEnabled;
}
