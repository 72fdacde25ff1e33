"use client";

import type { Collaborator, ExcalidrawImperativeAPI, SocketId } from "@excalidraw/excalidraw/types";
import { useCallback, useEffect, useRef } from "react";

const goneAfter = 5000;

/** Where the others point. Whoever hasn't moved for some seconds isn't shown any more. */
export function useBoardPointers(scene: ExcalidrawImperativeAPI | undefined) {
  const people = useRef(new Map<SocketId, Collaborator & { at: number }>());

  const show = useCallback(() => {
    scene?.updateScene({ collaborators: new Map(people.current) });
  }, [scene]);

  useEffect(() => {
    const timer = setInterval(() => {
      const before = people.current.size;
      for (const [id, { at }] of people.current) if (at < Date.now() - goneAfter) people.current.delete(id);
      if (people.current.size !== before) show();
    }, 1000);
    return () => clearInterval(timer);
  }, [show]);

  return useCallback(
    (id: string, name: string, pointer: { x: number; y: number; tool: "pointer" | "laser" }) => {
      people.current.set(id as SocketId, { id, username: name, pointer, at: Date.now() });
      show();
    },
    [show],
  );
}
