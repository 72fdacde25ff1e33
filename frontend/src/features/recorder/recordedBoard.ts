import type { WhiteboardElement } from "@/api/schema";
import type { BoardMessage } from "../whiteboard/boardMessages";
import { isNewer } from "../whiteboard/boardSync.ts";

export type RecordedElements = readonly WhiteboardElement[];

/** Milliseconds for which a board is shown after someone drew or pointed. */
const shownFor = 60_000;

/** The newest of each element that people told of, of the board that is used. */
export class RecordedBoard {
  #id: string | undefined;
  #elements = new Map<string, WhiteboardElement>();
  #list: RecordedElements = [];
  #until = 0;

  heard(message: BoardMessage, now: number): void {
    if (message.type !== "elements" && message.type !== "pointer") return;
    if (message.whiteboardId !== this.#id) this.#elements.clear();
    this.#id = message.whiteboardId;
    this.#until = now + shownFor;
    if (message.type === "pointer") return;
    for (const element of message.elements) {
      if (isNewer(element, this.#elements.get(element.id))) this.#elements.set(element.id, element);
    }
    this.#list = [...this.#elements.values()];
  }

  /** The same list as long as nothing changed. */
  shown(now: number): RecordedElements | undefined {
    return this.#elements.size > 0 && now < this.#until ? this.#list : undefined;
  }
}
