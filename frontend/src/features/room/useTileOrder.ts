"use client";

import type { TrackReferenceOrPlaceholder } from "@livekit/components-react";
import { Track } from "livekit-client";
import { useState } from "react";
import { tileOrder } from "./tileOrder";

/** Whose tile it is, and of what. */
export const tileId = ({ participant, source }: TrackReferenceOrPlaceholder) => `${participant.identity}/${source}`;

/** The tracks in the order in which they are shown, as `tileOrder` has it. */
export function useTileOrder<T extends TrackReferenceOrPlaceholder>(tracks: T[], perPage: number): T[] {
  const [before, setBefore] = useState<string[]>([]);
  const tiles = tracks.map((track) => ({
    id: tileId(track),
    isSpeaking: track.participant.isSpeaking,
    spokeAt: track.participant.lastSpokeAt?.getTime() ?? 0,
    isFixed: track.participant.isLocal || track.source === Track.Source.ScreenShare,
  }));
  const order = tileOrder(before, tiles, perPage);
  if (order.join() !== before.join()) setBefore(order);
  return order.flatMap((id) => tracks.find((track) => tileId(track) === id) ?? []);
}
