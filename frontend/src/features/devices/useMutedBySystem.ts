"use client";

import { useEffect, useState } from "react";

/** A device that starts may be silent for a moment. */
const patience = 1000;

/** Whether the system, or a switch of the device itself, keeps a track silent or black that isn't muted here. */
export function useMutedBySystem(track: MediaStreamTrack | undefined): boolean {
  const [isMuted, setIsMuted] = useState(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (track?.muted) timer = setTimeout(() => setIsMuted(true), patience);
      else setIsMuted(false);
    };
    look();
    track?.addEventListener("mute", look);
    track?.addEventListener("unmute", look);
    return () => {
      clearTimeout(timer);
      track?.removeEventListener("mute", look);
      track?.removeEventListener("unmute", look);
    };
  }, [track]);

  return isMuted;
}
