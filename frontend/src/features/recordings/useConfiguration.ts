"use client";

import { query } from "@/api/client";

/** What this installation offers. It changes only when it is set up anew. */
export function useConfiguration() {
  return query.useQuery("get", "/api/v1/configuration", {}, { staleTime: 600_000 }).data;
}
