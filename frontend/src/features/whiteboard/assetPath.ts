declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH?: string | string[];
  }
}

/** Makes Excalidraw take its fonts from our own host. It reads this while it is loaded: call this before. */
export function setAssetPath(): void {
  window.EXCALIDRAW_ASSET_PATH = "/excalidraw/";
}
