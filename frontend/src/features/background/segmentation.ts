/** Where a person is in pictures. The model and its program are in the package; both come from our own host (scripts/copy-assets.mjs). */
export interface Segmentation {
  /** Opaque where the person is. */
  mask: (picture: HTMLCanvasElement) => Promise<CanvasImageSource | undefined>;
  close: () => void;
}

interface SelfieSegmentation {
  setOptions: (options: { modelSelection: number }) => void;
  onResults: (listener: (results: { segmentationMask: CanvasImageSource }) => void) => void;
  initialize: () => Promise<void>;
  send: (inputs: { image: HTMLCanvasElement }) => Promise<void>;
  close: () => Promise<void>;
}

declare global {
  interface Window {
    SelfieSegmentation?: new (config: { locateFile: (name: string) => string }) => SelfieSegmentation;
  }
}

const folder = "/selfie-segmentation/";
/** For pictures that are wider than they are high; half the work of the other model. */
const landscape = 1;

/** Throws when it can't be loaded or started. */
export async function startSegmentation(): Promise<Segmentation> {
  if (!window.SelfieSegmentation) await loadScript(`${folder}selfie_segmentation.js`);
  if (!window.SelfieSegmentation) throw new Error("the segmentation's script defines nothing");
  const model = new window.SelfieSegmentation({ locateFile: (name) => folder + name });
  let latest: CanvasImageSource | undefined;
  model.setOptions({ modelSelection: landscape });
  model.onResults(({ segmentationMask }) => {
    latest = segmentationMask;
  });
  await model.initialize();
  return {
    mask: async (image) => {
      latest = undefined;
      await model.send({ image });
      return latest;
    },
    close: () => void model.close(),
  };
}

/** It is no module: it defines a name of the window. */
function loadScript(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(`${source} can't be loaded`));
    });
    document.head.append(script);
  });
}

/** Without WebGL there is no segmentation. */
export function canSegment(): boolean {
  return "OffscreenCanvas" in window && document.createElement("canvas").getContext("webgl2") !== null;
}
