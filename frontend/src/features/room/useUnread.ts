"use client";

import { useChat } from "@livekit/components-react";
import { useEffect, useState } from "react";

/** How many chat messages came since the chat was last open. */
export function useUnread(isOpen: boolean): number {
  const { chatMessages } = useChat();
  const [seen, setSeen] = useState(0);
  const count = chatMessages.length;
  useEffect(() => {
    if (isOpen) setSeen(count);
  }, [isOpen, count]);
  return isOpen ? 0 : count - seen;
}
