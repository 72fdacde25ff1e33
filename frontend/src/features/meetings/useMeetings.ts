"use client";

import { useQueryClient } from "@tanstack/react-query";
import { query } from "@/api/client";
import type { Meeting } from "@/api/schema";

const path = "/api/v1/meetings";

export function useMeetings() {
  return query.useInfiniteQuery(
    "get",
    path,
    { params: { query: {} } },
    {
      initialPageParam: undefined as string | undefined,
      pageParamName: "cursor",
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    },
  );
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
