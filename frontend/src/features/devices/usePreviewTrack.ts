"use client";

import { useEffect, useState } from "react";
import { deviceFailure, type DeviceFailure } from "./deviceFailure";

export type PreviewTrack =
  { status: "off" } | { status: "starting" } | { status: "on"; track: MediaStreamTrack } | FailedPreview;

type FailedPreview = { status: "failed"; reason: DeviceFailure };

/**
 * The camera's or microphone's track while it is wanted. Stopped when it isn't any more, so that no light stays on.
 * The browser's own interface is used, because LiveKit's library isn't loaded before someone joins.
 */
export function usePreviewTrack(
  kind: "audio" | "video",
  isWanted: boolean,
  deviceId: string,
  noiseSuppression = true,
): PreviewTrack {
  const [state, setState] = useState<PreviewTrack>({ status: "off" });

  useEffect(() => {
    if (!isWanted) {
      setState({ status: "off" });
      return undefined;
    }
    if (!navigator.mediaDevices) {
      setState({ status: "failed", reason: "insecure" });
      return undefined;
    }
    let isCurrent = true;
    let track: MediaStreamTrack | undefined;
    setState({ status: "starting" });
    const constraints: MediaTrackConstraints =
      kind === "video" ? { width: { ideal: 1280 }, height: { ideal: 720 } } : { noiseSuppression };
    openDevice(kind, constraints, deviceId).then(
      (stream) => {
        track = stream.getTracks()[0];
        if (!isCurrent || !track) {
          track?.stop();
          return;
        }
        track.addEventListener("ended", () => isCurrent && setState({ status: "failed", reason: "unplugged" }));
        setState({ status: "on", track });
      },
      (error: unknown) => isCurrent && setState({ status: "failed", reason: deviceFailure(error) }),
    );
    return () => {
      isCurrent = false;
      track?.stop();
    };
  }, [kind, isWanted, deviceId, noiseSuppression]);

  return state;
}

/** The device, where it is still there, or else the browser's choice. Merely wished for, browsers may take another one. */
async function openDevice(kind: "audio" | "video", constraints: MediaTrackConstraints, deviceId: string) {
  const open = (device: MediaTrackConstraints) =>
    navigator.mediaDevices.getUserMedia({ [kind]: { ...constraints, ...device } });
  if (deviceId === "") return open({});
  try {
    return await open({ deviceId: { exact: deviceId } });
  } catch (error) {
    if (error instanceof Error && error.name === "OverconstrainedError") return open({});
    throw error;
  }
}
