"use client";

import { useState } from "react";
import type { Message } from "@/api/schema";

/** How many messages of others came since the chat was last open. What was kept from before counts as well. */
export function useUnread(log: readonly Message[], ownId: string, isOpen: boolean): number {
  const last = log.at(-1)?.id ?? "";
  const [seen, setSeen] = useState("");
  if (isOpen && seen < last) setSeen(last);
  return isOpen ? 0 : log.filter(({ id, participantId }) => id > seen && participantId !== ownId).length;
}
