// Excalidraw names a host of others as the second source of each font. Its first one is ours, so the second is never needed, but
// the content security policy complains of it: it becomes our own host too.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { out } from "./pages.mjs";

const theirs = "`https://esm.sh/";
const ours = "`${location.origin}/excalidraw/";
const chunks = new URL("_next/static/chunks/", out);
let count = 0;

for (const name of readdirSync(chunks).filter((each) => each.endsWith(".js"))) {
  const file = new URL(name, chunks);
  const code = readFileSync(file, "utf8");
  if (code.includes(ours)) count += 1;
  if (!code.includes(theirs)) continue;
  writeFileSync(
    file,
    code.replaceAll(theirs, () => ours),
  );
  count += 1;
}
if (count === 0) throw new Error("Excalidraw's second source of fonts wasn't found: see where it names it now");
