"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, contentOf, query } from "@/api/client";
import { pageAt, pageByPage } from "@/api/pages";

const path = "/api/v1/accounts";

/** Accounts page by page, for administrators. */
export function useAccounts() {
  return useInfiniteQuery({
    queryKey: ["get", path],
    queryFn: async ({ pageParam, signal }) =>
      contentOf(await api.GET(path, { params: { query: pageAt(pageParam) }, signal })),
    ...pageByPage,
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
