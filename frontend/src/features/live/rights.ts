import type { MeetingSettings, Participant, RoomConnection } from "@/api/schema";

/** What someone may do in a meeting now. */
export interface Rights {
  isHost: boolean;
  canChat: boolean;
  canDraw: boolean;
  canRecord: boolean;
  /** What they may send. */
  sources: RoomConnection["canPublishSources"];
}

/** From what the API said last about them, their connection and the meeting. */
export function rights(
  role: Participant["role"],
  connection: Pick<RoomConnection, "canChat" | "canDraw" | "canPublishSources">,
  settings: Pick<MeetingSettings, "record">,
): Rights {
  const isHost = role === "host";
  return {
    isHost,
    canChat: connection.canChat,
    canDraw: connection.canDraw,
    canRecord: isHost && settings.record === "hosts",
    sources: connection.canPublishSources,
  };
}
