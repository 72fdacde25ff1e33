"use client";

import { useRoomContext } from "@livekit/components-react";
import { RoomEvent, type RemoteParticipant } from "livekit-client";
import { useEffect, useState } from "react";
import { BoardReader, topic } from "../whiteboard/boardMessages";
import { RecordedBoard, type RecordedElements } from "./recordedBoard";

/** The whiteboard's elements while it is used; undefined when nobody draws or points. */
export function useShownBoard(): RecordedElements | undefined {
  const room = useRoomContext();
  const [shown, setShown] = useState<RecordedElements>();

  useEffect(() => {
    const reader = new BoardReader();
    const board = new RecordedBoard();
    const look = () => setShown(board.shown(Date.now()));
    const onData = (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, about?: string) => {
      const message = about === topic && from ? reader.read(payload, from.identity, Date.now()) : undefined;
      if (!message) return;
      board.heard(message, Date.now());
      look();
    };
    room.on(RoomEvent.DataReceived, onData);
    const timer = setInterval(look, 1000);
    return () => {
      room.off(RoomEvent.DataReceived, onData);
      clearInterval(timer);
    };
  }, [room]);

  return shown;
}
