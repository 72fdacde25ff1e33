"use client";

import { useEffect, useRef } from "react";

/** Gives the button of Excalidraw's menu the name that it lacks, whenever Excalidraw makes a new one. */
export function useNamedMenu(name: string) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = container.current;
    if (!element) return undefined;
    const give = () => {
      const button = element.querySelector(".main-menu-trigger");
      if (button && button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name);
    };
    give();
    const observer = new MutationObserver(give);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [name]);
  return container;
}
