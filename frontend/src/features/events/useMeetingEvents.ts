"use client";

import { useEffect, useEffectEvent } from "react";
import { apiOrigin } from "@/api/client";
import { listen, pause } from "@/api/eventStream";

export interface MeetingEvent {
  name: string;
  data: Record<string, unknown>;
}

/** Until someone who has left, as the server has it, asks whether they are back. */
const absence = 3000;

/**
 * Hears what happens in a meeting while the component is there. After `reset` (too much was missed, or the connection was
 * away) what is shown has to be read again.
 *
 * @param isInside Listens on when the server says that there is nothing more to hear: to the server, who lost the connection to the
 *   media server has left, until they are back. Then everything has to be read again.
 */
export function useMeetingEvents(
  meetingId: string,
  key: string,
  onEvent: (event: MeetingEvent) => void,
  isInside = false,
): void {
  const handle = useEffectEvent(onEvent);

  useEffect(() => {
    const end = new AbortController();
    let wasAway = false;
    const hear = () =>
      listen({
        url: `${apiOrigin}/api/v1/meetings/${meetingId}/events`,
        headers: { Authorization: `Bearer ${key}` },
        signal: end.signal,
        onEvent: ({ event, data }) => handle({ name: event, data: parse(data) }),
        onConnection: (isOpen) => {
          if (isOpen && wasAway) handle({ name: "reset", data: {} });
          if (isOpen) wasAway = false;
        },
      });
    const stay = async () => {
      while (!end.signal.aborted) {
        await hear();
        if (!isInside) return;
        wasAway = true;
        await pause(absence, end.signal);
      }
    };
    void stay();
    return () => end.abort();
  }, [meetingId, key, isInside]);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
