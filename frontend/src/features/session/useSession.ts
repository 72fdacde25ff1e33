"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, query } from "@/api/client";
import { hasCode } from "@/api/problem";
import type { Session } from "@/api/schema";

const sessionQuery = query.queryOptions("get", "/api/v1/session");

export type SessionState =
  | { status: "loading" }
  | { status: "signed-out" }
  | { status: "signed-in"; session: Session }
  | { status: "failed"; error: unknown; retry: () => void };

/** Who is signed in here. That nobody is stays known: each component that asks again would make the others wait again. */
export function useSession(): SessionState {
  const { data, error, refetch } = query.useQuery(
    "get",
    "/api/v1/session",
    {},
    { staleTime: 60_000, retryOnMount: false },
  );
  if (hasCode(error, "not_authenticated")) return { status: "signed-out" };
  if (data) return { status: "signed-in", session: data };
  if (error) return { status: "failed", error, retry: () => void refetch() };
  return { status: "loading" };
}

export function useSignIn() {
  const cache = useQueryClient();
  return query.useMutation("post", "/api/v1/session", {
    onSuccess: (session) => {
      cache.clear();
      cache.setQueryData(sessionQuery.queryKey, session);
    },
  });
}

/** Ends the session on the server, then forgets everything that was read with it. */
export function useSignOut() {
  const cache = useQueryClient();
  return useCallback(async () => {
    await api.DELETE("/api/v1/session");
    cache.clear();
    await cache.invalidateQueries();
  }, [cache]);
}
