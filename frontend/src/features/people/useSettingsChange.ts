"use client";

import { useQueryClient } from "@tanstack/react-query";
import { query } from "@/api/client";
import type { LiveSettingsChange } from "@/api/schema";
import { useLiveMeeting } from "../live/LiveMeeting";

/** Changes the settings of the meeting that goes on; they take effect at once. */
export function useSettingsChange() {
  const { call } = useLiveMeeting();
  const cache = useQueryClient();
  const { mutate, isPending, error } = query.useMutation("patch", "/api/v1/meetings/{meeting_id}/settings", {
    onSettled: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/meetings/{meeting_id}/participants/me"] }),
  });
  const change = (body: LiveSettingsChange) => mutate({ ...call, body });
  return { change, isPending, error };
}
