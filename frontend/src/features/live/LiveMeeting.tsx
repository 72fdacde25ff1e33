"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useEffectEvent, useMemo, useRef, type ReactNode } from "react";
import { asParticipant, query } from "@/api/client";
import type { JoinTicket, MeetingSettings } from "@/api/schema";
import { useMeetingEvents, type MeetingEvent } from "../events/useMeetingEvents";
import { affectedPaths } from "./affectedPaths";
import { rights, type Rights } from "./rights";

type Listener = (event: MeetingEvent) => void;

export interface LiveMeeting extends Rights {
  id: string;
  title: string;
  settings: MeetingSettings;
  /** Who looks at it. */
  ownId: string;
  /** The participant's key: for calls about this meeting. Secret. */
  secret: string;
  /** What calls about this meeting carry. */
  call: { params: { path: { meeting_id: string } }; headers: { Authorization: string } };
  subscribe: (listener: Listener) => () => void;
}

const Context = createContext<LiveMeeting | undefined>(undefined);

/** The meeting that the person is in, as it is now. */
export function useLiveMeeting(): LiveMeeting {
  const meeting = useContext(Context);
  if (!meeting) throw new Error("useLiveMeeting outside of LiveMeetingProvider");
  return meeting;
}

/** Hears the meeting's events while the component is there. */
export function useMeetingEvent(onEvent: Listener): void {
  const { subscribe } = useLiveMeeting();
  const handle = useEffectEvent(onEvent);
  useEffect(() => subscribe((event) => handle(event)), [subscribe]);
}

/** Keeps what was read about the meeting true by its events, with one stream for all who listen below. */
export function LiveMeetingProvider(props: {
  ticket: JoinTicket;
  connection: NonNullable<JoinTicket["connection"]>;
  children: ReactNode;
}) {
  const { ticket, connection } = props;
  const { id } = ticket.meeting;
  const { key } = ticket.participantKey;
  const cache = useQueryClient();
  const listeners = useRef(new Set<Listener>());
  const call = useMemo(() => ({ params: { path: { meeting_id: id } }, ...asParticipant(key) }), [id, key]);
  const { data } = query.useQuery("get", "/api/v1/meetings/{meeting_id}/participants/me", call, { staleTime: 60_000 });

  const hear = (event: MeetingEvent) => {
    for (const path of affectedPaths(event.name)) void cache.invalidateQueries({ queryKey: ["get", path] });
    for (const listener of listeners.current) listener(event);
  };
  useMeetingEvents(id, key, hear, true);

  const meeting = useMemo<LiveMeeting>(() => {
    const settings = data?.settings ?? ticket.meeting.settings;
    const role = data?.participant.role ?? ticket.participant.role;
    return {
      id,
      call,
      settings,
      title: data?.title ?? ticket.meeting.title,
      ownId: ticket.participant.id,
      secret: key,
      ...rights(role, data?.connection ?? connection, settings),
      subscribe: (listener) => {
        listeners.current.add(listener);
        return () => void listeners.current.delete(listener);
      },
    };
  }, [id, key, call, data, ticket, connection]);

  return <Context value={meeting}>{props.children}</Context>;
}
