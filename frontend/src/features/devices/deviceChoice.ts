"use client";

import { useLocalStorage } from "@mantine/hooks";

/** What someone chose for their calls; kept in this browser. */
export interface DeviceChoice {
  displayName: string;
  usesCamera: boolean;
  usesMicrophone: boolean;
  /** Empty: the browser's choice. */
  cameraId: string;
  microphoneId: string;
  speakerId: string;
  blursBackground: boolean;
  /** The microphones whose noise is left in; empty for the browser's choice. Some take it out by themselves. */
  noisyMicrophones: string[];
}

/** What someone has who chose nothing. */
export const initial: DeviceChoice = {
  displayName: "",
  usesCamera: true,
  usesMicrophone: true,
  cameraId: "",
  microphoneId: "",
  speakerId: "",
  blursBackground: false,
  noisyMicrophones: [],
};

export function useDeviceChoice() {
  const [choice, setChoice] = useLocalStorage<DeviceChoice>({
    key: "devices",
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
  const change = (part: Partial<DeviceChoice>) => setChoice((before) => ({ ...initial, ...before, ...part }));
  // What was kept before a choice was added lacks it.
  return [{ ...initial, ...choice }, change] as const;
}

/** Whether noise is taken out of the chosen microphone's sound. */
export function suppressesNoise({ noisyMicrophones, microphoneId }: DeviceChoice): boolean {
  return !noisyMicrophones.includes(microphoneId);
}

export function withNoiseSuppressed({ noisyMicrophones, microphoneId }: DeviceChoice, isWanted: boolean) {
  const others = noisyMicrophones.filter((id) => id !== microphoneId);
  return { noisyMicrophones: isWanted ? others : [...others, microphoneId] };
}
