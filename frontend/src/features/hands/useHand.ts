"use client";

import { useLocalParticipant, useParticipantAttribute } from "@livekit/components-react";
import { query } from "@/api/client";
import { useLiveMeeting } from "../live/LiveMeeting";

const path = "/api/v1/meetings/{meeting_id}/participants/me/hand";

/** One's own hand. Whether it is up, LiveKit says: hosts can lower it too. */
export function useHand() {
  const { call } = useLiveMeeting();
  const { localParticipant } = useLocalParticipant();
  const isUp = Boolean(useParticipantAttribute("handRaisedAt", { participant: localParticipant }));
  const raise = query.useMutation("put", path);
  const lower = query.useMutation("delete", path);
  const isPending = raise.isPending || lower.isPending;
  const toggle = () => {
    if (!isPending) (isUp ? lower : raise).mutate(call);
  };
  return { isUp, isPending, toggle, error: raise.error ?? lower.error };
}
