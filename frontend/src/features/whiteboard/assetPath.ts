declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH?: string | string[];
  }
}

/** Excalidraw's fonts come from our own host. It reads this when it is loaded: import this module before it. */
export const assetPath = "/excalidraw/";
if (typeof window !== "undefined") window.EXCALIDRAW_ASSET_PATH = assetPath;
