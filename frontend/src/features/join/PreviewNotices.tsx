"use client";

import { DeviceHelp } from "../devices/DeviceHelp";
import type { DeviceFailure } from "../devices/deviceFailure";
import { useMutedBySystem } from "../devices/useMutedBySystem";
import type { PreviewTrack } from "../devices/usePreviewTrack";

/** What is wrong with one's devices before a call, told once when it is the same for both. */
export function PreviewNotices(props: { camera: PreviewTrack; microphone: PreviewTrack }) {
  const camera = useTrouble(props.camera);
  const microphone = useTrouble(props.microphone);
  if (camera && camera === microphone) return <DeviceHelp device="both" reason={camera} />;
  return (
    <>
      {camera && <DeviceHelp device="camera" reason={camera} />}
      {microphone && <DeviceHelp device="microphone" reason={microphone} />}
    </>
  );
}

function useTrouble(preview: PreviewTrack): DeviceFailure | undefined {
  const isMuted = useMutedBySystem(preview.status === "on" ? preview.track : undefined);
  if (preview.status === "failed") return preview.reason;
  return isMuted ? "mutedBySystem" : undefined;
}
