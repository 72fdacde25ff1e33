"use client";

import { useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { LocalAudioTrack } from "livekit-client";
import { useEffect } from "react";
import { tellFailure } from "./setDevice";

/** Takes noise out of the microphone that is sent, or leaves it in; the room's options decide for one that is turned on later. */
export function useNoiseInRoom(noiseSuppression: boolean): void {
  const room = useRoomContext();
  const { microphoneTrack } = useLocalParticipant();
  const track = microphoneTrack?.track;

  useEffect(() => {
    const options = { ...room.options.audioCaptureDefaults, noiseSuppression };
    Object.assign(room.options, { audioCaptureDefaults: options });
    if (!(track instanceof LocalAudioTrack) || track.constraints.noiseSuppression === noiseSuppression) return;
    const { deviceId = options.deviceId } = track.constraints;
    track
      .restartTrack({ ...options, ...(deviceId === undefined ? {} : { deviceId }) })
      .catch((error: unknown) => tellFailure(room.localParticipant, "microphone", error));
  }, [room, track, noiseSuppression]);
}
