import type { Page } from "@playwright/test";

/** Presses Tab until the element with this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    // Asked for in one step: what has the focus may be gone in the next moment.
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      const isLabelled = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      const labels = isLabelled ? [...(element.labels ?? [])] : [];
      const copy = element?.cloneNode(true) as Element | undefined;
      for (const hidden of copy?.querySelectorAll("[aria-hidden=true]") ?? []) hidden.remove();
      return (element?.getAttribute("aria-label") ?? labels[0]?.textContent ?? copy?.textContent ?? "").trim();
    });
    if (label === name) return;
  }
  throw new Error(`Tab doesn't reach "${name}"`);
}
