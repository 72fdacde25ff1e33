"use client";

import { useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { RoomEvent } from "livekit-client";
import { useEffect, useState } from "react";
import { deviceFailure, type DeviceFailure } from "./deviceFailure";
import { DeviceHelp } from "./DeviceHelp";
import type { Device } from "./setDevice";

/** Why a camera or microphone doesn't start in a call, until it does or the person has read it. */
export function FailedDevice() {
  const room = useRoomContext();
  const { isCameraEnabled, isMicrophoneEnabled } = useLocalParticipant();
  const [failure, setFailure] = useState<{ device: Device; reason: DeviceFailure }>();

  useEffect(() => {
    const tell = (error: Error, kind?: MediaDeviceKind) =>
      setFailure({ device: kind === "videoinput" ? "camera" : "microphone", reason: deviceFailure(error) });
    room.on(RoomEvent.MediaDevicesError, tell);
    return () => void room.off(RoomEvent.MediaDevicesError, tell);
  }, [room]);

  const works = failure?.device === "camera" ? isCameraEnabled : isMicrophoneEnabled;
  if (failure && works) setFailure(undefined);
  return failure && !works ? <DeviceHelp {...failure} onClose={() => setFailure(undefined)} /> : null;
}
