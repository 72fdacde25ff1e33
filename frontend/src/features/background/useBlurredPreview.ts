"use client";

import { useEffect, useState } from "react";
import type { PreviewTrack } from "../devices/usePreviewTrack";
import type { BackgroundBlur } from "./BackgroundBlur";

/** The camera's preview with its background blurred while that is wanted; `starting` until there is such a picture. */
export function useBlurredPreview(camera: PreviewTrack, isWanted: boolean): PreviewTrack {
  const source = camera.status === "on" && isWanted ? camera.track : undefined;
  const [blurred, setBlurred] = useState<{ source: MediaStreamTrack; track: MediaStreamTrack }>();

  useEffect(() => {
    if (!source) return undefined;
    let blur: BackgroundBlur | undefined;
    let isCurrent = true;
    void import("./BackgroundBlur").then(({ BackgroundBlur }) => {
      if (!isCurrent) return;
      blur = new BackgroundBlur();
      setBlurred({ source, track: blur.start(source) });
    });
    return () => {
      isCurrent = false;
      blur?.stop();
    };
  }, [source]);

  if (!source) return camera;
  return blurred?.source === source ? { status: "on", track: blurred.track } : { status: "starting" };
}
