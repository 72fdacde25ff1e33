"use client";

import { Excalidraw } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import "@excalidraw/excalidraw/index.css";
import { useEffect, useState } from "react";
import { fromAPI, mergeInto } from "../whiteboard/sceneElements";
import type { RecordedElements } from "./recordedBoard";
import classes from "./Recorder.module.css";

/** The whiteboard to look at, always as large as it fits. */
export function RecorderBoard({ elements }: { elements: RecordedElements }) {
  const [scene, setScene] = useState<ExcalidrawImperativeAPI>();
  // While it starts it takes no changes.
  const [initial] = useState(() => ({ elements: fromAPI(elements), scrollToContent: true }));

  useEffect(() => {
    if (!scene) return;
    mergeInto(scene, elements);
    scene.scrollToContent(scene.getSceneElements(), { fitToContent: true, animate: false });
  }, [scene, elements]);

  return (
    <div className={classes.board}>
      <Excalidraw excalidrawAPI={setScene} initialData={initial} viewModeEnabled zenModeEnabled aiEnabled={false} />
    </div>
  );
}
