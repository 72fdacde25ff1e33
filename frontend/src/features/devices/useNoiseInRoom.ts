"use client";

import { useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { LocalAudioTrack } from "livekit-client";
import { useEffect } from "react";

/** Takes noise out of the microphone that is sent, or leaves it in; the room's options decide for one that is turned on later. */
export function useNoiseInRoom(noiseSuppression: boolean): void {
  const room = useRoomContext();
  const { microphoneTrack } = useLocalParticipant();
  const track = microphoneTrack?.track;

  useEffect(() => {
    const options = { ...room.options.audioCaptureDefaults, noiseSuppression };
    Object.assign(room.options, { audioCaptureDefaults: options });
    if (!(track instanceof LocalAudioTrack) || track.constraints.noiseSuppression === noiseSuppression) return;
    // A device that fails is told by the room's own help.
    void track.restartTrack(options).catch(() => undefined);
  }, [room, track, noiseSuppression]);
}
