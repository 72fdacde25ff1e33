import { CaptureUpdateAction, reconcileElements, restoreElements } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { WhiteboardElement } from "@/api/schema";

/** Excalidraw's elements as the API describes them: it keeps every member as it is. */
export function forAPI(elements: readonly OrderedExcalidrawElement[]): WhiteboardElement[] {
  return elements as unknown as WhiteboardElement[];
}

/** What the API or others told, as Excalidraw has it. */
export function fromAPI(elements: readonly WhiteboardElement[]): OrderedExcalidrawElement[] {
  return restoreElements(elements as unknown as OrderedExcalidrawElement[], null);
}

/** Merges others' elements into what is shown. It is no step that one's own undo takes back. */
export function mergeInto(scene: ExcalidrawImperativeAPI, elements: readonly WhiteboardElement[]): void {
  const merged = reconcileElements(
    scene.getSceneElementsIncludingDeleted() as readonly OrderedExcalidrawElement[],
    fromAPI(elements) as unknown as Parameters<typeof reconcileElements>[1],
    scene.getAppState(),
  );
  scene.updateScene({ elements: merged, captureUpdate: CaptureUpdateAction.NEVER });
}

/** The pictures that elements show. */
export function pictureIds(elements: readonly OrderedExcalidrawElement[]): string[] {
  return elements.flatMap((element) =>
    element.type === "image" && !element.isDeleted && element.fileId ? [element.fileId] : [],
  );
}
