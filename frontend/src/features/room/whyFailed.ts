import { api, asParticipant, contentOf } from "@/api/client";
import type { JoinTicket } from "@/api/schema";
import type { LeaveReason } from "../join/AfterCall";

const patience = 5000;

/**
 * Why a connection failed, as the API knows it: a meeting may end, or a host remove someone, before they are connected, and LiveKit
 * only says then that there is no such room. "failed" when it knows no reason, or doesn't answer within 5 s.
 */
export async function whyFailed({ meeting, participantKey }: JoinTicket): Promise<LeaveReason> {
  try {
    const answer = await api.GET("/api/v1/meetings/{meeting_id}/participants/me", {
      params: { path: { meeting_id: meeting.id } },
      ...asParticipant(participantKey.key),
      signal: AbortSignal.timeout(patience),
    });
    const own = contentOf(answer);
    if (own.participant.status === "removed") return "removed";
    return own.meetingState === "ended" ? "ended" : "failed";
  } catch {
    return "failed";
  }
}
