"use client";

import { useRef } from "react";

/**
 * Gives the focus back to a menu's button when the menu closes. A dialog that an entry opens then comes back to the button; to the
 * entry, which is gone, it could not.
 */
export function useMenuFocus() {
  const button = useRef<HTMLButtonElement>(null);
  return { button, onClose: () => button.current?.focus() };
}
