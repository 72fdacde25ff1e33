"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/api/client";
import type { Recording } from "@/api/schema";

const path = "/api/v1/recordings";
const final = new Set<Recording["state"]>(["ready", "failed"]);

/** Recordings page by page, of one's own meetings or everybody's. Read again while one is still on its way. */
export function useRecordings(scope: "own" | "all") {
  return useInfiniteQuery({
    queryKey: ["get", path, scope],
    queryFn: async ({ pageParam, signal }) => {
      const page = { scope, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      const { data } = await api.GET(path, { params: { query: page }, signal });
      // Whatever is no success was thrown.
      if (!data) throw new Error("an answer without content");
      return data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => {
      const items = state.data?.pages.flatMap((page) => page.items) ?? [];
      return items.every((recording) => final.has(recording.state)) ? false : 5000;
    },
  });
}

export function useDeleteRecording() {
  const cache = useQueryClient();
  return query.useMutation("delete", `${path}/{recording_id}`, {
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", path] }),
  });
}

/** Where the file is, for some time. */
export async function recordingLink(recording: Recording, purpose: "play" | "download") {
  const { data } = await api.GET(`${path}/{recording_id}/link`, {
    params: { path: { recording_id: recording.id }, query: { purpose } },
  });
  if (!data) throw new Error("an answer without content");
  return data;
}
