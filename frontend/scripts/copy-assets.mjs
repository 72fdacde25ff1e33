// Copies what packages load at run time into public/, so that it comes from our own host.
import { cpSync, mkdirSync, rmSync } from "node:fs";

const root = new URL("..", import.meta.url);
const assets = [["node_modules/@excalidraw/excalidraw/dist/prod/fonts/", "public/excalidraw/fonts/"]];

for (const [from, to] of assets) {
  rmSync(new URL(to, root), { recursive: true, force: true });
  mkdirSync(new URL(to, root), { recursive: true });
  cpSync(new URL(from, root), new URL(to, root), { recursive: true });
}
