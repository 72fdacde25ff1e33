"use client";

import { useRoomContext } from "@livekit/components-react";
import { useEffect, useRef } from "react";
import type { DeviceChoice } from "./deviceChoice";
import { setDevice, tellFailure, type Device } from "./setDevice";

/** Takes another camera, microphone or speaker when one is chosen during the call. */
export function useDevicesInRoom({ cameraId, microphoneId, speakerId }: DeviceChoice): void {
  const room = useRoomContext();
  const { localParticipant } = room;
  const take = async (device: Device, id: string) => {
    const kind = device === "camera" ? "videoinput" : "audioinput";
    try {
      // Merely wished for, browsers may take another one.
      await room.switchActiveDevice(kind, id, id !== "");
    } catch (error) {
      // The one before was let go for it.
      await setDevice(localParticipant, device, false);
      tellFailure(localParticipant, device, error);
    }
  };
  useChange(cameraId, () => void take("camera", cameraId));
  useChange(microphoneId, () => void take("microphone", microphoneId));
  useChange(speakerId, () => {
    // One that is refused leaves the sound where it is.
    void room.switchActiveDevice("audiooutput", speakerId).catch(() => undefined);
  });
}

/** Runs `onChange` when the value is another one than before; what a call begins with is in the room's options. */
function useChange(value: string, onChange: () => void): void {
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    onChange();
  });
}
