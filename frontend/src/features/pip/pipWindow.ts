/** The part of the Document Picture-in-Picture API that is used here; not every browser has it. */
interface DocumentPictureInPicture {
  requestWindow: (options: { width: number; height: number }) => Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture & { readonly window: Window | null };
  }
}

/** `document`: a small window with anything in it; `video`: one video. */
export type PipKind = "document" | "video";

/** What this browser can do; nothing on most phones. */
export function pipKind(window: Window, document: Pick<Document, "pictureInPictureEnabled">): PipKind | undefined {
  if (window.documentPictureInPicture) return "document";
  // Not in every browser, whatever the types say.
  return document.pictureInPictureEnabled === true ? "video" : undefined;
}

/** Opens the small window, which looks as the page does. Only by someone's click. */
export async function openPipWindow(): Promise<Window | undefined> {
  const small = await window.documentPictureInPicture?.requestWindow({ width: 360, height: 300 });
  if (!small) return undefined;
  const { documentElement } = small.document;
  for (const { name, value } of document.documentElement.attributes) documentElement.setAttribute(name, value);
  for (const style of document.querySelectorAll("style, link[rel=stylesheet]")) {
    const copy = small.document.importNode(style, true);
    // Addresses are relative to a page, and the small window is none.
    if (style instanceof HTMLLinkElement) copy.setAttribute("href", style.href);
    small.document.head.append(copy);
  }
  small.document.title = document.title;
  return small;
}
