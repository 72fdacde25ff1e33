"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, contentOf, query } from "@/api/client";
import { pageAt, pageByPage } from "@/api/pages";
import type { Meeting } from "@/api/schema";

const path = "/api/v1/meetings";

/** Meetings page by page. */
export function useMeetings() {
  return useInfiniteQuery({
    queryKey: ["get", path],
    queryFn: async ({ pageParam, signal }) =>
      contentOf(await api.GET(path, { params: { query: pageAt(pageParam) }, signal })),
    ...pageByPage,
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
