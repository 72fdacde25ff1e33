"use client";

import { query } from "@/api/client";
import type { Whiteboard } from "@/api/schema";
import { useEffect, useEffectEvent } from "react";
import { useLiveMeeting } from "../live/LiveMeeting";

const path = "/api/v1/meetings/{meeting_id}/whiteboards";

/** The meeting's board: the oldest that is open, made by the first who may draw. */
export function useBoard(title: string): { board: Whiteboard | undefined; isNone: boolean; error: unknown } {
  const { call, canDraw } = useLiveMeeting();
  const list = query.useQuery("get", path, call);
  const create = query.useMutation("post", path, { onSuccess: () => void list.refetch() });
  const boards = list.data?.items.toSorted((a, b) => (a.id < b.id ? -1 : 1)) ?? [];
  // When two people make one at the same time, all take the same.
  const board = boards.find(({ closed }) => !closed) ?? boards.at(-1);
  const isMissing = list.isSuccess && !board;
  const make = useEffectEvent(() => {
    if (create.isIdle) create.mutate({ ...call, body: { title } });
  });
  useEffect(() => {
    if (isMissing && canDraw) make();
  }, [isMissing, canDraw]);
  return { board, isNone: isMissing && !canDraw, error: list.error ?? create.error };
}
