import { ConnectionError, ConnectionErrorReason } from "livekit-client";
import type { LeaveReason } from "../join/AfterCall";

/** Why an error that LiveKit reports ends the call; undefined when it doesn't: a device that can't be used gets help instead. */
export function connectionFailure(error: Error): LeaveReason | undefined {
  if (error instanceof DOMException) return undefined;
  if (error instanceof ConnectionError && error.reason === ConnectionErrorReason.Cancelled) return "left";
  return "failed";
}
