"use client";

import { useMutationState } from "@tanstack/react-query";
import type { Recording } from "@/api/schema";
import { useRecordingsNow } from "./useRecordingsNow";

/** What this page starts recordings by. */
export const startPath = "/api/v1/meetings/{meeting_id}/recordings";

/** The recordings that this page started, and whether it is about to start one: an event may tell of it before the answer does. */
export function useOwnRecordings(): { ids: string[]; isStarting: boolean } {
  const starts = useMutationState({
    filters: { mutationKey: ["post", startPath] },
    select: ({ state }) => ({ isPending: state.status === "pending", id: (state.data as Recording | undefined)?.id }),
  });
  return {
    ids: starts.flatMap(({ id }) => id ?? []),
    isStarting: starts.some(({ isPending }) => isPending),
  };
}

/** Whether a recording with everyone's picture runs that this page started. */
export function useOwnFilm(): boolean {
  const { active } = useRecordingsNow();
  const { ids } = useOwnRecordings();
  return active.some(({ id, kind, state }) => kind === "composite" && state === "active" && ids.includes(id));
}
