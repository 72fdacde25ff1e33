"use client";

import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { ExcalidrawImperativeAPI, ExcalidrawProps } from "@excalidraw/excalidraw/types";
import { useRoomContext } from "@livekit/components-react";
import { RoomEvent, type RemoteParticipant } from "livekit-client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { WhiteboardElement } from "@/api/schema";
import { useLiveMeeting, useMeetingEvent } from "../live/LiveMeeting";
import { boardCalls } from "./boardCalls";
import { useOwnFilm } from "../recordings/useOwnRecordings";
import { BoardReader, encode, encodeElements, topic } from "./boardMessages";
import { BoardPictures } from "./BoardPictures";
import { BoardSync } from "./boardSync";
import { forAPI, mergeInto, pictureIds } from "./sceneElements";
import { useBoardPointers } from "./useBoardPointers";

const pointEvery = 33;

/** Keeps what Excalidraw shows and the meeting's board the same: live over LiveKit, for good through the API. */
export function useBoardSync(boardId: string, scene: ExcalidrawImperativeAPI | undefined) {
  const room = useRoomContext();
  const { call, canDraw } = useLiveMeeting();
  const [unsaved, setUnsaved] = useState(0);
  const [error, setError] = useState<unknown>();
  const live = useRef<{ sync: BoardSync; pictures: BoardPictures; tellAll: () => void }>(undefined);
  const showPointer = useBoardPointers(scene);
  // The recorder reads nothing from the API: whoever started it shows it their board.
  const isFilmed = useOwnFilm();
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = isFilmed;
    if (isFilmed) live.current?.tellAll();
  }, [isFilmed]);

  const send = useCallback(
    (payload: Uint8Array<ArrayBuffer>, reliable: boolean) => {
      // While LiveKit is away the others read what was saved.
      void room.localParticipant.publishData(payload, { reliable, topic }).catch(() => undefined);
    },
    [room],
  );

  useEffect(() => {
    if (!scene) return undefined;
    const calls = boardCalls(call, boardId);
    const reader = new BoardReader();
    const pictures = new BoardPictures({
      calls,
      scene,
      onUploaded: (fileId) => send(encode({ type: "picture", whiteboardId: boardId, fileId }), true),
      onError: setError,
    });
    const tell = (elements: readonly WhiteboardElement[]) => {
      for (const message of encodeElements(boardId, elements, () => crypto.randomUUID())) send(message, true);
    };
    const sync = new BoardSync({
      read: async (since) => {
        const read = await calls.read(since);
        if (isShown.current) tell(read.elements);
        return read;
      },
      save: calls.save,
      merge: (elements) => mergeInto(scene, elements),
      send: tell,
      onUnsaved: setUnsaved,
    });
    live.current = {
      sync,
      pictures,
      tellAll: () => tell(forAPI(scene.getSceneElementsIncludingDeleted() as OrderedExcalidrawElement[])),
    };
    const catchUp = () => sync.reconnected();
    const onData = (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, about?: string) => {
      if (about !== topic || !from) return;
      const message = reader.read(payload, from.identity, Date.now());
      if (message?.whiteboardId !== boardId) return;
      if (message.type === "elements") sync.received(message.elements);
      if (message.type === "picture") pictures.uploaded(message.fileId, message.fileId in scene.getFiles());
      if (message.type === "pointer") showPointer(from.identity, from.name ?? "", message);
    };
    room.on(RoomEvent.DataReceived, onData).on(RoomEvent.Reconnected, catchUp);
    window.addEventListener("online", catchUp);
    catchUp();
    return () => {
      room.off(RoomEvent.DataReceived, onData).off(RoomEvent.Reconnected, catchUp);
      window.removeEventListener("online", catchUp);
      sync.end();
      live.current = undefined;
    };
  }, [boardId, call, room, scene, send, showPointer]);

  useMeetingEvent(({ name, data }) => {
    // Also who was away is in the meeting again, as the API has it: it takes what they drew meanwhile.
    if (name === "reset") live.current?.sync.reconnected();
    if (name !== "whiteboard.changed" || data["whiteboardId"] !== boardId) return;
    if (typeof data["revision"] === "number") live.current?.sync.saved(data["revision"]);
  });

  const onChange = useCallback<NonNullable<ExcalidrawProps["onChange"]>>(
    (elements, _appState, files) => {
      if (canDraw) live.current?.sync.changed(forAPI(elements));
      live.current?.pictures.look(files, pictureIds(elements));
    },
    [canDraw],
  );

  const pointedAt = useRef(0);
  const onPointerUpdate = useCallback<NonNullable<ExcalidrawProps["onPointerUpdate"]>>(
    ({ pointer }) => {
      if (!canDraw || Date.now() < pointedAt.current + pointEvery) return;
      pointedAt.current = Date.now();
      const { x, y, tool } = pointer;
      send(encode({ type: "pointer", whiteboardId: boardId, x, y, tool }), false);
    },
    [boardId, canDraw, send],
  );

  return { onChange, onPointerUpdate, unsaved, error };
}
