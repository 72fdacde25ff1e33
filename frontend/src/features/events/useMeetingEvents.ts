"use client";

import { useEffect, useEffectEvent } from "react";
import { apiOrigin } from "@/api/client";
import { listen } from "@/api/eventStream";

export interface MeetingEvent {
  name: string;
  data: Record<string, unknown>;
}

/**
 * Hears what happens in a meeting while the component is there. After `reset` (too much was missed, or the connection was
 * away) what is shown has to be read again.
 */
export function useMeetingEvents(meetingId: string, key: string, onEvent: (event: MeetingEvent) => void): void {
  const handle = useEffectEvent(onEvent);

  useEffect(() => {
    const end = new AbortController();
    void listen({
      url: `${apiOrigin}/api/v1/meetings/${meetingId}/events`,
      headers: { Authorization: `Bearer ${key}` },
      signal: end.signal,
      onEvent: ({ event, data }) => handle({ name: event, data: parse(data) }),
    });
    return () => end.abort();
  }, [meetingId, key]);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
