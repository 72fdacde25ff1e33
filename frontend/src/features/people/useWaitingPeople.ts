"use client";

import { query } from "@/api/client";
import { useLiveMeeting } from "../live/LiveMeeting";

/** Who waits in the lobby; hosts alone may know. */
export function useWaitingPeople() {
  const { call, isHost } = useLiveMeeting();
  // Events make it read again at once; asking now and then finds a knock whose event was lost.
  return query.useQuery(
    "get",
    "/api/v1/meetings/{meeting_id}/participants",
    { ...call, params: { ...call.params, query: { status: "waiting", limit: 100 } } },
    { refetchInterval: 15_000, enabled: isHost },
  );
}
