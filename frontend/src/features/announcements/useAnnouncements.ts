"use client";

import { useRoomContext } from "@livekit/components-react";
import { useCallback, useRef, useState } from "react";
import { useLiveMeeting, useMeetingEvent } from "../live/LiveMeeting";
import { announcementOf, type Announcement } from "./announcement";
import { playSound } from "./sound";
import { useAnnouncementChoice } from "./useAnnouncementChoice";

const shownFor = 5000;
const most = 4;

export type Shown = Announcement & { id: number };

/** What happened in the last seconds. In a crowd only the newest are kept. */
export function useAnnouncements(isChatOpen: boolean) {
  const room = useRoomContext();
  const { ownId } = useLiveMeeting();
  const [{ sounds }] = useAnnouncementChoice();
  const [shown, setShown] = useState<Shown[]>([]);
  const next = useRef(0);

  const announce = useCallback(
    (announcement: Announcement) => {
      const id = (next.current += 1);
      setShown((before) => [...before.slice(1 - most), { ...announcement, id }]);
      setTimeout(() => setShown((before) => before.filter((each) => each.id !== id)), shownFor);
      if (sounds) void playSound(announcement.kind).catch(() => undefined);
    },
    [sounds],
  );

  useMeetingEvent((event) => {
    const nameOf = (id: string) => room.getParticipantByIdentity(id)?.name ?? "";
    const announcement = announcementOf(event, { ownId, isChatOpen, nameOf });
    if (announcement) announce(announcement);
  });

  return { shown, announce };
}
