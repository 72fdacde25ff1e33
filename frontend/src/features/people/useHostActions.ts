"use client";

import { query } from "@/api/client";
import { useLiveMeeting } from "../live/LiveMeeting";

const participants = "/api/v1/meetings/{meeting_id}/participants";
const participant = `${participants}/{participant_id}` as const;

/** What hosts do with others. Each one says whether it runs and how it failed. */
export function useHostActions() {
  const { call } = useLiveMeeting();
  const mute = query.useMutation("post", `${participant}/mute`);
  const muteAll = query.useMutation("post", `${participants}/mute`);
  const lowerHand = query.useMutation("delete", `${participant}/hand`);
  const makeHost = query.useMutation("put", `${participant}/host`);
  const dropHost = query.useMutation("delete", `${participant}/host`);
  /** A call about one person. */
  const about = (id: string) => ({
    headers: call.headers,
    params: { path: { ...call.params.path, participant_id: id } },
  });
  const all = [mute, muteAll, lowerHand, makeHost, dropHost];
  return { mute, muteAll, lowerHand, makeHost, dropHost, about, error: all.find(({ error }) => error)?.error };
}

export type HostActions = ReturnType<typeof useHostActions>;
