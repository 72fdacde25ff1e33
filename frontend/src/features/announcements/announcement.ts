import type { MeetingEvent } from "../events/useMeetingEvents";

/** What people are told, as the texts name it. */
export type AnnouncementKind =
  | "joined"
  | "left"
  | "knocked"
  | "handRaised"
  | "message"
  | "mutedMicrophone"
  | "stoppedCamera"
  | "stoppedSharing"
  | "madeHost"
  | "noHost"
  | "whiteboard"
  | "recordingStarted"
  | "recordingStopped"
  | "recordingFailed";

export interface Announcement {
  kind: AnnouncementKind;
  name: string;
}

/** Who is told and what they see, as far as announcements depend on it. */
export interface Audience {
  ownId: string;
  isChatOpen: boolean;
  nameOf: (participantId: string) => string;
}

/** What to tell someone about an event; nothing for most of them, and nothing about what they did themselves. */
export function announcementOf({ name, data }: MeetingEvent, audience: Audience): Announcement | undefined {
  const id = typeof data["participantId"] === "string" ? data["participantId"] : "";
  const isOwn = id === audience.ownId;
  const displayName = typeof data["displayName"] === "string" ? data["displayName"] : audience.nameOf(id);
  const about = (kind: AnnouncementKind) => ({ kind, name: displayName });
  switch (name) {
    case "participant.joined":
      return isOwn ? undefined : about("joined");
    case "participant.left":
      return isOwn ? undefined : about("left");
    case "lobby.knocked":
      return about("knocked");
    case "hand.raised":
      return isOwn ? undefined : about("handRaised");
    case "whiteboard.created":
      return { kind: "whiteboard", name: "" };
    case "message.sent":
      return isOwn || audience.isChatOpen ? undefined : about("message");
    case "participant.role_changed":
      return isOwn ? about(data["role"] === "host" ? "madeHost" : "noHost") : undefined;
    case "participant.muted":
      return isOwn ? mutedBy(data["source"]) : undefined;
    default:
      return undefined;
  }
}

function mutedBy(source: unknown): Announcement | undefined {
  if (source === "microphone") return { kind: "mutedMicrophone", name: "" };
  if (source === "camera") return { kind: "stoppedCamera", name: "" };
  if (source === "screen_share") return { kind: "stoppedSharing", name: "" };
  return undefined;
}
