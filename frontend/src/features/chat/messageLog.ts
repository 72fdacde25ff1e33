import type { Message } from "@/api/schema";
import type { MeetingEvent } from "../events/useMeetingEvents";

/** Adds messages to those that are known: each once, in the order in which they were sent (their ids grow with time). */
export function addMessages(known: readonly Message[], more: readonly Message[]): Message[] {
  const all = new Map([...known, ...more].map((message) => [message.id, message]));
  return [...all.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The message in a `message.sent` event; nothing if the event lacks something. */
export function messageOf({ data }: MeetingEvent): Message | undefined {
  const { id, participantId, displayName, role, text, at } = data;
  if (![id, participantId, displayName, text, at].every((value) => typeof value === "string")) return undefined;
  return {
    id: String(id),
    participantId: String(participantId),
    displayName: String(displayName),
    role: role === "host" || role === "member" ? role : "guest",
    text: String(text),
    sentAt: String(at),
  };
}
