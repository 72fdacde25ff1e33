"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { api, query } from "@/api/client";
import { hasCode } from "@/api/problem";
import type { Session } from "@/api/schema";
import { mayBeSignedIn, noteSignedIn } from "./signedInHint";

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
    { staleTime: 60_000, retryOnMount: false, enabled: mayBeSignedIn() },
  );
  const isOver = hasCode(error, "not_authenticated");
  useEffect(() => {
    if (isOver) noteSignedIn(false);
  }, [isOver]);

  if (isOver || (!data && !mayBeSignedIn())) return { status: "signed-out" };
  if (data) return { status: "signed-in", session: data };
  if (error) return { status: "failed", error, retry: () => void refetch() };
  return { status: "loading" };
}

export function useSignIn() {
  const cache = useQueryClient();
  return query.useMutation("post", "/api/v1/session", {
    onSuccess: (session) => {
      noteSignedIn(true);
      cache.clear();
      cache.setQueryData(sessionQuery.queryKey, session);
    },
  });
}

/** Ends the session on the server, then loads anew: nothing that was read with it stays in the page. */
export function useSignOut() {
  return useCallback(async () => {
    await api.DELETE("/api/v1/session");
    noteSignedIn(false);
    window.location.assign("/");
  }, []);
}
