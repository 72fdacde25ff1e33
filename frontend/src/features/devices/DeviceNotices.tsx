"use client";

import { useLocalParticipant } from "@livekit/components-react";
import { LocalTrack, type TrackPublication } from "livekit-client";
import { DeviceHelp } from "./DeviceHelp";
import type { Device } from "./setDevice";
import { useDeviceTrack } from "./useDeviceTrack";
import { useDeviceTrouble } from "./useDeviceTrouble";
import { useMutedBySystem } from "./useMutedBySystem";

/** What is wrong with one's own devices in a call: at most one notice for each of them. */
export function DeviceNotices() {
  const { isMicrophoneEnabled, isCameraEnabled, microphoneTrack, cameraTrack } = useLocalParticipant();
  return (
    <>
      <DeviceNotice device="microphone" publication={microphoneTrack} isEnabled={isMicrophoneEnabled} />
      <DeviceNotice device="camera" publication={cameraTrack} isEnabled={isCameraEnabled} />
    </>
  );
}

function DeviceNotice(props: { device: Device; publication: TrackPublication | undefined; isEnabled: boolean }) {
  const { device, publication, isEnabled } = props;
  const track = publication?.track instanceof LocalTrack ? publication.track : undefined;
  const isMuted = useMutedBySystem(useDeviceTrack(track));
  const [trouble, forget] = useDeviceTrouble(device, track, isEnabled);
  if (isEnabled) return isMuted ? <DeviceHelp device={device} reason="mutedBySystem" /> : null;
  return trouble ? <DeviceHelp device={device} reason={trouble} onClose={forget} /> : null;
}
