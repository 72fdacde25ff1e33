import type { BinaryFileData, BinaryFiles, DataURL, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import type { FileId } from "@excalidraw/excalidraw/element/types";
import type { BoardCalls } from "./boardCalls";

const types = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;

/** Uploads the pictures that someone puts on the board, and fetches those of the others. Each one once. */
export class BoardPictures {
  readonly #done = new Set<string>();

  constructor(
    private readonly ports: {
      calls: Pick<BoardCalls, "putPicture" | "getPicture">;
      scene: Pick<ExcalidrawImperativeAPI, "addFiles" | "getFiles">;
      onUploaded: (fileId: string) => void;
      onError: (error: unknown) => void;
    },
  ) {}

  /** `files` are those that are here, `wanted` the ids of those that are shown. */
  look(files: BinaryFiles, wanted: string[]): void {
    for (const id of wanted) {
      if (this.#done.has(id)) continue;
      this.#done.add(id);
      const file = files[id];
      void (file ? this.#upload(file) : this.#fetch(id));
    }
  }

  /** Someone uploaded it: whoever looked too early looks again. */
  uploaded(fileId: string, isHere: boolean): void {
    if (!isHere) void this.#fetch(fileId);
  }

  async #upload(file: BinaryFileData): Promise<void> {
    try {
      await this.ports.calls.putPicture(file.id, file.dataURL);
      this.ports.onUploaded(file.id);
    } catch (error) {
      this.ports.onError(error);
    }
  }

  async #fetch(id: string): Promise<void> {
    try {
      const blob = await this.ports.calls.getPicture(id);
      const mimeType = types.find((type) => type === blob.type) ?? "image/png";
      const dataURL = (await readAsDataURL(blob)) as DataURL;
      this.ports.scene.addFiles([{ id: id as FileId, dataURL, mimeType, created: Date.now() }]);
    } catch {
      // Not uploaded yet: whoever does it says so.
      this.#done.delete(id);
    }
  }
}

function readAsDataURL(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("unreadable")));
    reader.readAsDataURL(blob);
  });
}
