"use client";

import { useCallback, useRef, type RefObject } from "react";

/**
 * Gives the focus back to a menu's button when the menu closes. A dialog that an entry opens then comes back to the button; to the
 * entry, which is gone, it could not. Returns the button's ref, and what the menu calls as it closes.
 */
export function useMenuFocus(): [RefObject<HTMLButtonElement | null>, () => void] {
  const button = useRef<HTMLButtonElement>(null);
  return [button, useCallback(() => button.current?.focus(), [])];
}
