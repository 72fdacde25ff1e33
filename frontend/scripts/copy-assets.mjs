// Copies what packages load at run time into public/, so that it comes from our own host.
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";

const root = new URL("..", import.meta.url);
const assets = [
  { from: "node_modules/@excalidraw/excalidraw/dist/prod/fonts/", to: "public/excalidraw/fonts/", wanted: /./ },
  {
    from: "node_modules/@mediapipe/selfie_segmentation/",
    to: "public/selfie-segmentation/",
    // Of its two models the one for pictures that are wider than they are high.
    wanted: /^selfie_segmentation(_landscape\.tflite|\.binarypb|\.js|_solution_.*\.(js|wasm))$/,
  },
];

for (const { from, to, wanted } of assets) {
  const folder = new URL(to, root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(new URL(from, root))) {
    if (wanted.test(name)) cpSync(new URL(from + name, root), new URL(name, folder), { recursive: true });
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) chmodSync(`${entry.parentPath}/${entry.name}`, 0o644);
  }
}
