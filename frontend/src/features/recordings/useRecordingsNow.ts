"use client";

import { query } from "@/api/client";
import type { Recording } from "@/api/schema";
import { useLiveMeeting } from "../live/LiveMeeting";

export interface RecordingsNow {
  active: Recording[];
  last: Recording | undefined;
  /** Before, nothing is known of either. */
  isLoaded: boolean;
}

/**
 * The recordings that run, newest first, and the last one of this meeting, which hosts see with its end. The recorder's answers
 * come as events; while one starts or ends it is asked for too, since an event may be lost.
 */
export function useRecordingsNow(): RecordingsNow {
  const { call } = useLiveMeeting();
  const { data } = query.useQuery("get", "/api/v1/meetings/{meeting_id}/recordings", call, {
    refetchInterval: ({ state }) => (state.data?.items.some(isPassing) ? 5000 : 60_000),
  });
  const items = data?.items ?? [];
  return { active: items.filter((recording) => recording.active), last: items[0], isLoaded: data !== undefined };
}

function isPassing({ state }: Recording): boolean {
  return state === "requested" || state === "starting" || state === "ending";
}
