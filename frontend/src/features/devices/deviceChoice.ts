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
}

const initial: DeviceChoice = {
  displayName: "",
  usesCamera: true,
  usesMicrophone: true,
  cameraId: "",
  microphoneId: "",
  speakerId: "",
};

export function useDeviceChoice() {
  const [choice, setChoice] = useLocalStorage<DeviceChoice>({
    key: "devices",
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
  const change = (part: Partial<DeviceChoice>) => setChoice((before) => ({ ...initial, ...before, ...part }));
  return [choice, change] as const;
}
