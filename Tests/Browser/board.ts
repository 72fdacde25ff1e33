import type { Page } from "@playwright/test";
import { expect } from "./people.ts";

/** What takes the keys of the board. */
const board = (page: Page) => page.locator(".excalidraw-container");
const canvas = (page: Page) => page.locator("canvas.interactive");

export async function openBoard(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Whiteboard", exact: true }).click();
  await expect(canvas(page)).toBeVisible();
}

/** Drags from one place of the board to another, in parts of its width and height. Its tools cover the left. */
export async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = await canvas(page).boundingBox();
  if (!box) throw new Error("the board isn't shown");
  const at = ([x, y]: [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

/** Draws a rectangle, by the key of its tool. */
export async function drawRectangle(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await board(page).focus();
  await page.keyboard.press("r");
  await drag(page, from, to);
}

/** The elements that someone sees, as their whiteboard copies them. */
export async function elements(page: Page): Promise<Record<string, unknown>[]> {
  await board(page).focus();
  await page.keyboard.press("Control+a");
  const text = await page.evaluate(async () => {
    const { clipboard } = navigator;
    const copied = new Promise<string>((resolve) => {
      clipboard.writeText = async (text) => resolve(text);
    });
    document.dispatchEvent(new ClipboardEvent("copy", { bubbles: true, cancelable: true }));
    return copied;
  });
  const { elements } = JSON.parse(text) as { elements: Record<string, unknown>[] };
  // Excalidraw gives what is bound to an element as null where it was drawn, as an empty list where it was read.
  const alike: Record<string, unknown>[] = elements.map((element) => ({
    ...element,
    boundElements: element["boundElements"] ?? [],
  }));
  return alike.toSorted((a, b) => String(a["id"]).localeCompare(String(b["id"])));
}
