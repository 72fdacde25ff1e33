"use client";

import { useRoomContext } from "@livekit/components-react";
import { RoomEvent, TrackEvent, type LocalTrack } from "livekit-client";
import { useCallback, useEffect, useState } from "react";
import { deviceFailure, type DeviceFailure } from "./deviceFailure";
import type { Device } from "./setDevice";

/**
 * Why a camera or microphone is off although someone wanted it, as was told last, and how they say that they have read it. One that is
 * unplugged LiveKit replaces by another where there is one, and mutes otherwise.
 */
export function useDeviceTrouble(
  device: Device,
  track: LocalTrack | undefined,
  isEnabled: boolean,
): [DeviceFailure | undefined, () => void] {
  const room = useRoomContext();
  const [trouble, setTrouble] = useState<DeviceFailure>();

  useEffect(() => {
    const tell = (error: Error, kind?: MediaDeviceKind) => {
      if ((kind === "videoinput" ? "camera" : "microphone") === device) setTrouble(deviceFailure(error));
    };
    room.on(RoomEvent.MediaDevicesError, tell);
    return () => void room.off(RoomEvent.MediaDevicesError, tell);
  }, [room, device]);

  useEffect(() => {
    const end = () => setTrouble("unplugged");
    const begin = () => setTrouble(undefined);
    track?.on(TrackEvent.Ended, end).on(TrackEvent.Restarted, begin);
    return () => void track?.off(TrackEvent.Ended, end).off(TrackEvent.Restarted, begin);
  }, [track]);

  useEffect(() => {
    // What is unplugged counts as enabled until LiveKit has looked for another one.
    if (isEnabled) setTrouble((before) => (before === "unplugged" ? before : undefined));
  }, [isEnabled]);

  return [trouble, useCallback(() => setTrouble(undefined), [])];
}
