"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/api/client";
import type { Meeting } from "@/api/schema";

const path = "/api/v1/meetings";

/** Page by page. The query library's own form for this sends a first cursor, which the API rightly refuses. */
export function useMeetings() {
  return useInfiniteQuery({
    queryKey: ["get", path],
    queryFn: async ({ pageParam, signal }) => {
      const page = pageParam === undefined ? {} : { cursor: pageParam };
      const { data } = await api.GET(path, { params: { query: page }, signal });
      // Whatever is no success was thrown.
      if (!data) throw new Error("an answer without content");
      return data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Runs after every change, so that the list shows what the server has. */
function useRefresh() {
  const cache = useQueryClient();
  return { onSuccess: () => cache.invalidateQueries({ queryKey: ["get", path] }) };
}

export const useCreateMeeting = () => query.useMutation("post", path, useRefresh());
export const useChangeMeeting = () => query.useMutation("patch", `${path}/{meeting_id}`, useRefresh());
export const useEndMeeting = () => query.useMutation("post", `${path}/{meeting_id}/end`, useRefresh());
export const useDeleteMeeting = () => query.useMutation("delete", `${path}/{meeting_id}`, useRefresh());

export const named = (meeting: Meeting) => ({ params: { path: { meeting_id: meeting.id } } });
