"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, contentOf, query } from "@/api/client";
import { pageAt, pageByPage } from "@/api/pages";
import type { Recording } from "@/api/schema";
import type { Scope } from "../shell/ScopedShell";

const path = "/api/v1/recordings";
const final = new Set<Recording["state"]>(["ready", "failed"]);

/** Recordings page by page, of one's own meetings or everybody's. Read again while one is still on its way. */
export function useRecordings(scope: Scope) {
  return useInfiniteQuery({
    queryKey: ["get", path, scope],
    queryFn: async ({ pageParam, signal }) =>
      contentOf(await api.GET(path, { params: { query: { scope, ...pageAt(pageParam) } }, signal })),
    ...pageByPage,
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
  return contentOf(
    await api.GET(`${path}/{recording_id}/link`, {
      params: { path: { recording_id: recording.id }, query: { purpose } },
    }),
  );
}
