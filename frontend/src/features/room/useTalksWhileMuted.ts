"use client";

import { useLocalParticipant } from "@livekit/components-react";
import { Track } from "livekit-client";
import { useEffect, useState } from "react";
import { useAudioLevel } from "../devices/useAudioLevel";

/**
 * Whether someone speaks into a microphone that is muted. A muted track of LiveKit is silent, so a copy of it is listened to;
 * nothing of that leaves the browser.
 */
export function useTalksWhileMuted(): boolean {
  const { localParticipant, isMicrophoneEnabled } = useLocalParticipant();
  const [copy, setCopy] = useState<MediaStreamTrack>();
  const [talks, setTalks] = useState(false);
  const source = localParticipant.getTrackPublication(Track.Source.Microphone)?.track?.mediaStreamTrack;

  useEffect(() => {
    if (isMicrophoneEnabled || !source || source.readyState !== "live") {
      setCopy(undefined);
      return undefined;
    }
    const clone = source.clone();
    clone.enabled = true;
    setCopy(clone);
    return () => clone.stop();
  }, [isMicrophoneEnabled, source]);

  const level = useAudioLevel(copy);
  const isLoud = level > 0.65;

  useEffect(() => {
    if (isMicrophoneEnabled) {
      setTalks(false);
      return undefined;
    }
    // Half a second of loudness begins it; four seconds of quiet end it.
    const timer = setTimeout(() => setTalks(isLoud), isLoud ? 500 : 4000);
    return () => clearTimeout(timer);
  }, [isLoud, isMicrophoneEnabled]);

  return talks;
}
