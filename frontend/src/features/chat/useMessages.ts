"use client";

import { useCallback, useEffect, useState } from "react";
import { api } from "@/api/client";
import type { Message } from "@/api/schema";
import { useLiveMeeting, useMeetingEvent } from "../live/LiveMeeting";
import { addMessages, messageOf } from "./messageLog";

const path = "/api/v1/meetings/{meeting_id}/messages";

/** What was written since the meeting began, as far as it is kept, and what is written now. */
export function useMessages() {
  const { call } = useLiveMeeting();
  const [log, setLog] = useState<Message[]>([]);
  const [isIncomplete, setIsIncomplete] = useState(false);

  const read = useCallback(() => {
    const end = new AbortController();
    const readPages = async () => {
      let cursor: string | undefined;
      do {
        const page = { limit: 100, ...(cursor ? { cursor } : {}) };
        const { data } = await api.GET(path, { ...call, params: { ...call.params, query: page }, signal: end.signal });
        if (!data) return;
        setLog((before) => addMessages(before, data.items));
        cursor = data.nextCursor ?? undefined;
      } while (cursor);
      setIsIncomplete(false);
    };
    readPages().catch(() => {
      if (!end.signal.aborted) setIsIncomplete(true);
    });
    return () => end.abort();
  }, [call]);

  useEffect(read, [read]);

  useMeetingEvent((event) => {
    if (event.name === "reset") read();
    const message = event.name === "message.sent" ? messageOf(event) : undefined;
    if (message) setLog((before) => addMessages(before, [message]));
    if (event.name === "message.deleted") setLog((before) => before.filter(({ id }) => id !== event.data["id"]));
  });

  /** Shown at once; its event finds it there. */
  const add = useCallback((message: Message) => setLog((before) => addMessages(before, [message])), []);
  const drop = useCallback((id: string) => setLog((before) => before.filter((each) => each.id !== id)), []);
  return { log, isIncomplete, read, add, drop };
}

export type Messages = ReturnType<typeof useMessages>;
