import type { WhiteboardElement } from "@/api/schema";

/** The topic of the data, and its messages, as docs/realtime.md has them. */
export const topic = "whiteboard";

export type BoardMessage =
  | { type: "elements"; whiteboardId: string; elements: WhiteboardElement[] }
  | { type: "part"; whiteboardId: string; message: string; part: number; parts: number; text: string }
  | { type: "pointer"; whiteboardId: string; x: number; y: number; tool: "pointer" | "laser" }
  | { type: "picture"; whiteboardId: string; fileId: string };

/** LiveKit's reliable channel carries 15 kB; the packet around the message takes some of it. */
const longest = 14_000;
const mostParts = 64;
const partsLast = 10_000;

const bytes = (text: string) => new TextEncoder().encode(text);

export function encode(message: BoardMessage): Uint8Array<ArrayBuffer> {
  return bytes(JSON.stringify(message));
}

/** Elements as messages that are each short enough; one that is too long alone goes in parts. */
export function encodeElements(
  whiteboardId: string,
  elements: readonly WhiteboardElement[],
  newId: () => string,
): Uint8Array<ArrayBuffer>[] {
  const messages: Uint8Array<ArrayBuffer>[] = [];
  let group: WhiteboardElement[] = [];
  let size = 0;
  const close = () => {
    if (group.length > 0) messages.push(encode({ type: "elements", whiteboardId, elements: group }));
    group = [];
    size = 0;
  };
  for (const element of elements) {
    const length = bytes(JSON.stringify(element)).length + 1;
    if (length > longest - 200) {
      messages.push(...inParts(whiteboardId, element, newId()));
      continue;
    }
    if (size + length > longest - 200) close();
    group.push(element);
    size += length;
  }
  close();
  return messages;
}

function inParts(whiteboardId: string, element: WhiteboardElement, message: string): Uint8Array<ArrayBuffer>[] {
  const whole = JSON.stringify({ type: "elements", whiteboardId, elements: [element] });
  // A character may take six bytes where it is escaped once more.
  const length = Math.floor((longest - 300) / 6);
  const parts = Math.ceil(whole.length / length);
  if (parts > mostParts) return [];
  return Array.from({ length: parts }, (_, part) =>
    encode({ type: "part", whiteboardId, message, part, parts, text: whole.slice(part * length, (part + 1) * length) }),
  );
}

/** Reads messages, and puts those together that came in parts. Anybody can send anything: what isn't a message is none. */
export class BoardReader {
  readonly #parts = new Map<string, { texts: (string | undefined)[]; until: number }>();

  read(payload: Uint8Array, sender: string, now: number): BoardMessage | undefined {
    const message = parse(new TextDecoder().decode(payload));
    if (message?.type !== "part") return message;
    for (const [key, { until }] of this.#parts) if (until < now) this.#parts.delete(key);
    const { part, parts, text } = message;
    if (!Number.isInteger(part) || !Number.isInteger(parts) || part < 0 || part >= parts || parts > mostParts)
      return undefined;
    const key = `${sender}/${message.message}`;
    const known = this.#parts.get(key) ?? {
      texts: Array.from<string | undefined>({ length: parts }),
      until: now + partsLast,
    };
    if (known.texts.length !== parts) return undefined;
    known.texts[part] = text;
    this.#parts.set(key, known);
    if (known.texts.includes(undefined)) return undefined;
    this.#parts.delete(key);
    return parse(known.texts.join(""));
  }
}

function parse(text: string): BoardMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is BoardMessage {
  if (!isRecord(value) || typeof value["whiteboardId"] !== "string") return false;
  switch (value["type"]) {
    case "elements":
      return Array.isArray(value["elements"]) && value["elements"].every(isElement);
    case "part":
      return typeof value["message"] === "string" && typeof value["text"] === "string";
    case "pointer":
      return Number.isFinite(value["x"]) && Number.isFinite(value["y"]);
    case "picture":
      return typeof value["fileId"] === "string";
    default:
      return false;
  }
}

function isElement(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value["id"] === "string" &&
    typeof value["type"] === "string" &&
    Number.isInteger(value["version"]) &&
    Number.isInteger(value["versionNonce"])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
