import type { WhiteboardElement, WhiteboardMergeResult, WhiteboardScene } from "@/api/schema";

export interface BoardPorts {
  /** Tells the others, if they can be reached; what is lost they read later. */
  send: (elements: WhiteboardElement[]) => void;
  save: (elements: WhiteboardElement[]) => Promise<Pick<WhiteboardMergeResult, "revision" | "winners">>;
  /** What was saved since a revision; everything since 0. */
  read: (since: number) => Promise<WhiteboardScene>;
  /** Merges others' elements into what is shown. */
  merge: (elements: WhiteboardElement[]) => void;
  /** How many changes aren't saved yet. */
  onUnsaved?: (count: number) => void;
}

const sendEvery = 50;
const saveAfter = 1000;
const saveEvery = 5000;
const catchUpAfter = 2000;
const longestPause = 15_000;
const mostAtOnce = 200;

/** Whether `a` wins over `b`: the higher version, of equal ones the lower nonce, as Excalidraw decides it. */
export function isNewer(a: Version, b: Version | undefined): boolean {
  if (!b) return true;
  return a.version > b.version || (a.version === b.version && a.versionNonce < b.versionNonce);
}

type Version = Pick<WhiteboardElement, "version" | "versionNonce">;

/**
 * Keeps one person's board the same as everyone else's: sends what they change at once, saves it a little later, and reads what
 * was missed. Nothing that was drawn is given up while the network is away.
 */
export class BoardSync {
  readonly #ports: BoardPorts;
  /** The newest of each element that was sent, received or read. */
  readonly #known = new Map<string, Version>();
  #unsent = new Map<string, WhiteboardElement>();
  #unsaved = new Map<string, WhiteboardElement>();
  /** Up to where everything was read. */
  #revision = 0;
  #isSaving = false;
  #isReading = false;
  /** Something was missed after the running read had begun. */
  #readsAgain = false;
  #firstUnsavedAt = 0;
  readonly #failures = { save: 0, read: 0 };
  #timers: Partial<Record<"send" | "save" | "read", ReturnType<typeof setTimeout>>> = {};
  #hasEnded = false;

  constructor(ports: BoardPorts) {
    this.#ports = ports;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The board as it is shown; what changed in it is sent and saved. */
  changed(elements: readonly WhiteboardElement[]): void {
    for (const element of elements) {
      if (!isNewer(element, this.#known.get(element.id))) continue;
      // Excalidraw goes on changing the element itself while it is being drawn.
      const copy = { ...element };
      this.#known.set(copy.id, version(copy));
      this.#unsent.set(copy.id, copy);
      this.#unsaved.set(copy.id, copy);
    }
    if (this.#unsent.size > 0) this.#timers.send ??= setTimeout(() => this.#send(), sendEvery);
    if (this.#unsaved.size > 0) this.#planSave();
  }

  /** What another person sent. */
  received(elements: readonly WhiteboardElement[]): void {
    const newer = elements.filter((element) => isNewer(element, this.#known.get(element.id)));
    for (const element of newer) {
      this.#known.set(element.id, version(element));
      this.#unsaved.delete(element.id);
    }
    if (newer.length === 0) return;
    this.#ports.merge(newer);
    this.#tellUnsaved();
  }

  /** Someone saved: what they drew arrives by itself as a rule, else it is read. */
  saved(revision: number): void {
    if (revision > this.#revision) this.#timers.read ??= setTimeout(() => this.catchUp(), catchUpAfter);
  }

  /** Reads what was saved since the last time. On coming, and whenever something may have been missed. */
  catchUp(): void {
    clearTimeout(this.#timers.read);
    delete this.#timers.read;
    if (this.#hasEnded) return;
    this.#readsAgain = this.#isReading;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#ports.read(this.#revision).then(
      ({ revision, elements }) => {
        this.#isReading = false;
        this.#failures.read = 0;
        this.#revision = Math.max(this.#revision, revision);
        this.received(elements);
        if (this.#readsAgain) this.catchUp();
      },
      () => {
        this.#isReading = false;
        this.#timers.read ??= setTimeout(() => this.catchUp(), this.#pause("read"));
      },
    );
  }

  /** The server may be there again: tries what failed without waiting any longer, and again soon when it still fails. */
  reconnected(): void {
    this.#failures.read = 0;
    this.#failures.save = 0;
    this.catchUp();
    this.flush();
  }

  /** Saves without waiting any longer. */
  flush(): void {
    clearTimeout(this.#timers.save);
    delete this.#timers.save;
    void this.#save();
  }

  /** Saves the rest and stops. */
  end(): void {
    this.flush();
    this.#hasEnded = true;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
  }

  #send(): void {
    delete this.#timers.send;
    const elements = [...this.#unsent.values()];
    this.#unsent = new Map();
    this.#ports.send(elements);
  }

  #planSave(): void {
    if (this.#firstUnsavedAt === 0) this.#firstUnsavedAt = Date.now();
    this.#tellUnsaved();
    const left = this.#firstUnsavedAt + saveEvery - Date.now();
    clearTimeout(this.#timers.save);
    this.#timers.save = setTimeout(() => this.flush(), Math.max(0, Math.min(saveAfter, left)));
  }

  async #save(): Promise<void> {
    if (this.#isSaving || this.#unsaved.size === 0) return;
    this.#isSaving = true;
    const batch = [...this.#unsaved.values()].slice(0, mostAtOnce);
    try {
      const { revision, winners } = await this.#ports.save(batch);
      this.#failures.save = 0;
      // What was changed meanwhile stays for the next time.
      for (const element of batch) {
        if (this.#unsaved.get(element.id) === element) this.#unsaved.delete(element.id);
      }
      // With nobody else's changes in between, everything up to here is known.
      if (revision === this.#revision + 1) this.#revision = revision;
      else this.saved(revision);
      this.received(winners);
      this.#firstUnsavedAt = 0;
      if (this.#unsaved.size > 0) {
        this.#timers.save ??= setTimeout(() => this.flush(), this.#hasEnded ? 0 : saveAfter);
      }
    } catch {
      if (!this.#hasEnded) {
        clearTimeout(this.#timers.save);
        this.#timers.save = setTimeout(() => this.flush(), this.#pause("save"));
      }
    } finally {
      this.#isSaving = false;
      this.#tellUnsaved();
    }
  }

  #tellUnsaved(): void {
    this.#ports.onUnsaved?.(this.#unsaved.size);
  }

  #pause(what: "save" | "read"): number {
    this.#failures[what] += 1;
    return Math.min(saveAfter * 2 ** (this.#failures[what] - 1), longestPause);
  }
}

function version({ version: number, versionNonce }: WhiteboardElement): Version {
  return { version: number, versionNonce };
}
