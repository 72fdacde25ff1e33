"use client";

import { useCallback, useEffect, useState } from "react";
import { openPipWindow, pipKind } from "./pipWindow";

export interface Pip {
  /** Nothing where the browser can't. */
  toggle: (() => void) | undefined;
  isOpen: boolean;
  /** Where the content of the small window goes. */
  body: HTMLElement | undefined;
}

/** The call in a small window above all others: with its buttons where the browser can, else the large video alone. */
export function usePip(largeVideo: () => HTMLVideoElement | null): Pip {
  const [kind] = useState(() => pipKind(window, document));
  const [small, setSmall] = useState<Window>();
  const [isVideoOut, setIsVideoOut] = useState(false);

  useEffect(() => {
    if (!small) return undefined;
    const closed = () => setSmall(undefined);
    small.addEventListener("pagehide", closed);
    return () => {
      small.removeEventListener("pagehide", closed);
      small.close();
    };
  }, [small]);

  useEffect(() => {
    const look = () => setIsVideoOut(document.pictureInPictureElement !== null);
    document.addEventListener("enterpictureinpicture", look, true);
    document.addEventListener("leavepictureinpicture", look, true);
    return () => {
      document.removeEventListener("enterpictureinpicture", look, true);
      document.removeEventListener("leavepictureinpicture", look, true);
      // A video that goes away with the room ends this by itself where the browser doesn't mind.
      if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined);
    };
  }, []);

  const toggle = useCallback(async () => {
    if (small) setSmall(undefined);
    else if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else if (kind === "document") setSmall(await openPipWindow());
    else await largeVideo()?.requestPictureInPicture();
  }, [small, kind, largeVideo]);

  return {
    // A browser that refuses leaves everything as it is, in the page.
    toggle: kind ? () => void toggle().catch(() => undefined) : undefined,
    isOpen: small !== undefined || isVideoOut,
    body: small?.document.body,
  };
}
