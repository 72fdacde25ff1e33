"use client";

import { useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { LocalVideoTrack } from "livekit-client";
import { useEffect } from "react";
import { BlurProcessor } from "./BlurProcessor";

/** Keeps the camera that is sent as it is wanted: the room's options decide for cameras that are turned on later. */
export function useBlurInRoom(isWanted: boolean): void {
  const room = useRoomContext();
  const { cameraTrack } = useLocalParticipant();
  const track = cameraTrack?.track;

  useEffect(() => {
    const { processor: _, ...others } = room.options.videoCaptureDefaults ?? {};
    const options = isWanted ? { ...others, processor: new BlurProcessor() } : others;
    Object.assign(room.options, { videoCaptureDefaults: options });
    if (!(track instanceof LocalVideoTrack)) return;
    const has = track.getProcessor() !== undefined;
    if (isWanted && !has) void track.setProcessor(new BlurProcessor());
    if (!isWanted && has) void track.stopProcessor();
  }, [room, track, isWanted]);
}
