"use client";

import { TrackEvent, type LocalTrack } from "livekit-client";
import { useCallback, useSyncExternalStore } from "react";

/** The browser's own track behind one of LiveKit's: another one whenever the device is started anew. */
export function useDeviceTrack(track: LocalTrack | undefined): MediaStreamTrack | undefined {
  const subscribe = useCallback(
    (onChange: () => void) => {
      track?.on(TrackEvent.Restarted, onChange);
      return () => void track?.off(TrackEvent.Restarted, onChange);
    },
    [track],
  );
  return useSyncExternalStore(subscribe, () => track?.mediaStreamTrack);
}
