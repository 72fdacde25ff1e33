"use client";

import { useEffect, useState } from "react";

/** The loudness of a microphone's track, from 0 to 1, about twelve times a second. */
export function useAudioLevel(track: MediaStreamTrack | undefined): number {
  const [level, setLevel] = useState(0);

  useEffect(() => {
    if (!track) return undefined;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From -60 dB to -10 dB, which is where voices are.
      setLevel(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-12) + 60) / 50)));
    }, 80);
    return () => {
      clearInterval(timer);
      setLevel(0);
      void context.close();
    };
  }, [track]);

  return level;
}
