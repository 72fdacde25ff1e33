"use client";

import { useDataChannel } from "@livekit/components-react";
import { useRef, useState } from "react";
import { decodeReaction, encodeReaction, topic, type Reaction } from "./reaction";

export interface ShownReaction {
  id: number;
  emoji: string;
  name: string;
}

const shownFor = 5000;
const most = 12;

/** Reactions of the last seconds, one's own too, and how to send one. */
export function useReactions(ownName: string) {
  const [shown, setShown] = useState<ShownReaction[]>([]);
  const next = useRef(0);
  const show = (emoji: string, name: string) => {
    const id = (next.current += 1);
    setShown((before) => [...before.slice(1 - most), { id, emoji, name }]);
    setTimeout(() => setShown((before) => before.filter((each) => each.id !== id)), shownFor);
  };
  const { send } = useDataChannel(topic, ({ payload, from }) => {
    const emoji = decodeReaction(payload);
    if (emoji && from) show(emoji, from.name ?? "");
  });
  const react = (emoji: Reaction) => {
    show(emoji, ownName);
    // One that is lost on the way is no harm.
    void send(encodeReaction(emoji), { reliable: true }).catch(() => undefined);
  };
  return { shown, react };
}
