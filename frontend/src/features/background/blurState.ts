import { useSyncExternalStore } from "react";

export type BlurState =
  | "off"
  | "starting"
  | "on"
  /** It works, and the picture stutters. */
  | "slow"
  /** This browser can't tell a person from what is behind: everything is blurred. */
  | "unsupported"
  /** What does it couldn't be loaded: everything is blurred. */
  | "failed";

let state: BlurState = "off";
const listeners = new Set<() => void>();

/** How the one blur of this page is. */
export const blurState = {
  set(next: BlurState): void {
    state = next;
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

export function useBlurState(): BlurState {
  return useSyncExternalStore(
    blurState.subscribe,
    () => state,
    () => "off",
  );
}
