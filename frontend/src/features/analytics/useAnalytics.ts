"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, apiOrigin, contentOf, query } from "@/api/client";
import { pageAt, pageByPage } from "@/api/pages";
import type { Scope } from "../shell/ScopedShell";
import type { Period } from "./period";

/** Meetings over time. What was there stays while another time is on its way. */
export function useAnalytics(period: Period, scope: Scope) {
  return query.useQuery(
    "get",
    "/api/v1/analytics",
    { params: { query: { ...period, scope } } },
    { placeholderData: keepPreviousData },
  );
}

/** Where the same is for a spreadsheet. */
export function analyticsFile(period: Period, scope: Scope): string {
  return `${apiOrigin}/api/v1/analytics.csv?${new URLSearchParams({ ...period, scope }).toString()}`;
}

export function useMeetingAnalytics(id: string) {
  return query.useQuery("get", "/api/v1/meetings/{meeting_id}/analytics", { params: { path: { meeting_id: id } } });
}

export const meetingAnalyticsFile = (id: string) => `${apiOrigin}/api/v1/meetings/${id}/analytics.csv`;

/** How long each was in a meeting, page by page. */
export function useParticipantFigures(id: string) {
  const path = "/api/v1/meetings/{meeting_id}/analytics/participants";
  return useInfiniteQuery({
    queryKey: ["get", path, id],
    queryFn: async ({ pageParam, signal }) =>
      contentOf(await api.GET(path, { params: { path: { meeting_id: id }, query: pageAt(pageParam) }, signal })),
    ...pageByPage,
  });
}
