"use client";

import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { useLocalParticipant } from "@livekit/components-react";
import { useEffect } from "react";
import type { PanelName } from "./SidePanel";

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

  useHotkeys([
    key("m", () => void localParticipant.setMicrophoneEnabled(!isMicrophoneEnabled)),
    key("v", () => void localParticipant.setCameraEnabled(!isCameraEnabled)),
    key("h", onHand),
    key("c", () => onPanel("chat")),
    key("p", () => onPanel("people")),
  ]);

  // Held down: heard. Only where the space bar has no other meaning.
  useEffect(() => {
    let talks = false;
    const down = (event: KeyboardEvent) => {
      const isTaken = event.target instanceof Element && event.target.closest("button, input, textarea, a, [role]");
      if (event.code !== "Space" || event.repeat || isMicrophoneEnabled || isTaken || hasOwnKeys(event.target)) return;
      event.preventDefault();
      talks = true;
      void localParticipant.setMicrophoneEnabled(true);
    };
    const up = (event: KeyboardEvent) => {
      if (event.code !== "Space" || !talks) return;
      talks = false;
      void localParticipant.setMicrophoneEnabled(false);
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    return () => {
      window.removeEventListener("keydown", down);
      // A key that is still held ends its talking by the next listener only if it knows of it.
      if (talks) {
        window.addEventListener("keyup", up, { once: true });
      } else {
        window.removeEventListener("keyup", up);
      }
    };
  }, [localParticipant, isMicrophoneEnabled]);
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

/** The whiteboard has keys of its own for its tools. */
function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-own-keys]") !== null;
}
