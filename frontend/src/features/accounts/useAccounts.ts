"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/api/client";

const path = "/api/v1/accounts";

/** Accounts page by page, for administrators. */
export function useAccounts() {
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

function useRefresh() {
  const cache = useQueryClient();
  return { onSuccess: () => cache.invalidateQueries({ queryKey: ["get", path] }) };
}

export const useCreateAccount = () => query.useMutation("post", path, useRefresh());
export const useChangeAccount = () => query.useMutation("patch", `${path}/{account_id}`, useRefresh());
export const useSetPassword = () => query.useMutation("put", `${path}/{account_id}/password`);
export const useEndSessions = () => query.useMutation("delete", `${path}/{account_id}/sessions`);
