/** One event of a `text/event-stream` (WHATWG HTML, section 9.2). */
export interface StreamEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** Reads events from pieces of text, wherever they were cut. */
export class EventStreamParser {
  #rest = "";
  #id: string | undefined;
  #event = "";
  #data: string[] = [];
  /** Milliseconds to wait before connecting again, when the server said so. */
  retry: number | undefined;

  push(text: string): StreamEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    if (field === "id" && !value.includes("\0")) this.#id = value;
    if (field === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch(): StreamEvent | undefined {
    const event = { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}

export interface EventStreamOptions {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
  /** True once the stream is open, false while it is away. */
  onConnection?: (isOpen: boolean) => void;
}

/**
 * Listens until `signal` ends it or the server says that there is nothing more to hear (4xx). Connects again by itself, from
 * the last event on. `EventSource` can't do this: it sends no headers of ours.
 */
export async function listen(options: EventStreamOptions): Promise<void> {
  let lastId: string | undefined;
  let attempt = 0;
  while (!options.signal.aborted) {
    const parser = new EventStreamParser();
    try {
      const response = await fetch(options.url, {
        headers: {
          ...options.headers,
          Accept: "text/event-stream",
          ...(lastId ? { "Last-Event-ID": lastId } : {}),
        },
        credentials: "include",
        cache: "no-store",
        signal: options.signal,
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) return;
      if (response.ok && response.body) {
        attempt = 0;
        options.onConnection?.(true);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
          for (const event of parser.push(piece.value)) {
            lastId = event.id ?? lastId;
            options.onEvent(event);
          }
        }
      }
    } catch {
      // The connection broke; the loop makes the next one.
    }
    options.onConnection?.(false);
    await pause(parser.retry ?? Math.min(1000 * 2 ** attempt, 15_000), options.signal);
    attempt += 1;
  }
}

/** Waits, or until `signal` ends it. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
