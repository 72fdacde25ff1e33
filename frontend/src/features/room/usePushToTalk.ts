"use client";

import { useLocalParticipant } from "@livekit/components-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { setDevice } from "../devices/setDevice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { hasOwnKeys } from "./hasOwnKeys";

/** While the space bar is held down someone who is muted is heard. Only where it has no other meaning. */
export function usePushToTalk(): void {
  const { localParticipant, isMicrophoneEnabled } = useLocalParticipant();
  const { sources } = useLiveMeeting();
  const talks = useRef(false);

  const talk = useEffectEvent((isHeard: boolean) => {
    talks.current = isHeard;
    void setDevice(localParticipant, "microphone", isHeard);
  });
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isTaken = event.target instanceof Element && event.target.closest("button, input, textarea, a, [role]");
    if (event.code !== "Space" || event.repeat || isTaken || hasOwnKeys(event.target)) return;
    if (isMicrophoneEnabled || !sources.includes("microphone")) return;
    event.preventDefault();
    talk(true);
  });

  useEffect(() => {
    const down = (event: KeyboardEvent) => press(event);
    const up = (event: KeyboardEvent) => {
      if (event.code === "Space" && talks.current) talk(false);
    };
    // Whoever changes to another window lets the key go there.
    const away = () => {
      if (talks.current) talk(false);
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", away);
    };
  }, []);
}
