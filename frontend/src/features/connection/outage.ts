import { ConnectionState } from "livekit-client";

/**
 * What is interrupted while LiveKit connects anew. `server`: the connection over which the room is arranged, while sound and picture
 * go on; `media`: these too.
 */
export type Outage = "server" | "media";

export function outageOf(state: ConnectionState): Outage | undefined {
  switch (state) {
    case ConnectionState.SignalReconnecting:
      return "server";
    case ConnectionState.Reconnecting:
      return "media";
    default:
      return undefined;
  }
}
