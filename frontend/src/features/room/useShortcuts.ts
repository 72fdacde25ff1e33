"use client";

import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { useLocalParticipant } from "@livekit/components-react";
import { setDevice, type Device } from "../devices/setDevice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { hasOwnKeys } from "./hasOwnKeys";
import type { PanelName } from "./SidePanel";
import { usePushToTalk } from "./usePushToTalk";

/** The keys of the room, as the panel of shortcuts lists them. */
export const shortcuts = [
  { keys: "M", action: "microphone" },
  { keys: "V", action: "camera" },
  { keys: "H", action: "hand" },
  { keys: "C", action: "chat" },
  { keys: "P", action: "people" },
  { keys: "Space", action: "pushToTalk" },
] as const;

export function useShortcuts({ onPanel, onHand }: { onPanel: (name: PanelName) => void; onHand: () => void }): void {
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled } = useLocalParticipant();
  const { sources } = useLiveMeeting();
  const turn = (device: Device, isOn: boolean) => {
    if (sources.includes(device)) void setDevice(localParticipant, device, isOn);
  };

  useHotkeys([
    key("m", () => turn("microphone", !isMicrophoneEnabled)),
    key("v", () => turn("camera", !isCameraEnabled)),
    key("h", onHand),
    key("c", () => onPanel("chat")),
    key("p", () => onPanel("people")),
  ]);
  usePushToTalk();
}

function key(letter: string, action: () => void): HotkeyItem {
  return [
    letter,
    (event) => {
      if (hasOwnKeys(event.target)) return;
      event.preventDefault();
      action();
    },
    { preventDefault: false },
  ];
}
