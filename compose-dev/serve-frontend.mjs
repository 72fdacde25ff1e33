// Serves the frontend from a copy of the mounted checkout; a changed file is live without a manual step.
//
// The copy is there because `next dev` and the tools before it write beside the sources, which a container's user may not do in every
// checkout, and because a mounted folder doesn't raise events everywhere: it is looked at once a second, and what changed is written to
// the copy, which Next.js watches. When package-lock.json or a configuration file changed, the packages are looked after and Next.js
// starts again. Changes: /app, nothing of the checkout. The packages are in a volume and are installed when the lock file is another one.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const SOURCE = "/frontend";
const COPY = "/app";
const INSTALLED = join(COPY, "node_modules/.installed");
// Made by tools, in the checkout as here.
const MADE = new Set(["node_modules", ".next", "out", "test-results", "next-env.d.ts", "tsconfig.tsbuildinfo"]);

const say = (text) => console.log(`serve-frontend: ${text}`);

/** Every file of the checkout by its path, with time and size. */
function files(folder = "", found = new Map()) {
  for (const entry of readdirSync(join(SOURCE, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (MADE.has(entry.name)) continue;
    if (entry.isDirectory()) {
      files(path, found);
    } else {
      const status = statSync(join(SOURCE, path), { throwIfNoEntry: false }); // it may be gone since
      if (status) found.set(path, `${status.mtimeMs} ${status.size}`);
    }
  }
  return found;
}

/** Brings the copy up to date; returns the paths that changed. */
function bringOver(known, found) {
  const changed = [...found].filter(([path, state]) => known.get(path) !== state).map(([path]) => path);
  const gone = [...known.keys()].filter((path) => !found.has(path));
  for (const path of changed) {
    mkdirSync(dirname(join(COPY, path)), { recursive: true });
    copyFileSync(join(SOURCE, path), join(COPY, path));
  }
  for (const path of gone) rmSync(join(COPY, path), { force: true });
  return [...changed, ...gone];
}

/** False, which npm has explained, when the packages could not be installed. */
function install() {
  const lock = createHash("sha256").update(readFileSync(join(COPY, "package-lock.json"))).digest("hex");
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, "utf8") === lock) return true;
  say("installing the packages; the first time takes a minute");
  try {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: COPY, stdio: "inherit" });
  } catch {
    say("the packages could not be installed, see above; where npm shall have another registry, set NPM_CONFIG_REGISTRY");
    return false;
  }
  writeFileSync(INSTALLED, lock);
  return true;
}

let server;

function start() {
  // A process group of its own: npm ends without the server that it started.
  const started = spawn("npm", ["run", "dev"], { cwd: COPY, stdio: "inherit", detached: true });
  started.on("exit", (code, signal) => {
    // Docker starts the container again.
    if (started === server) process.exit(code ?? (signal ? 1 : 0));
  });
  server = started;
}

async function stop() {
  const stopped = server;
  server = undefined;
  if (!stopped || stopped.exitCode !== null) return;
  const ended = new Promise((resolve) => stopped.on("exit", resolve));
  process.kill(-stopped.pid, "SIGTERM");
  await ended;
}

/** Whether Next.js reads PATH only when it starts. */
function isRead(path) {
  return !path.startsWith("src/") && !path.startsWith("public/");
}

async function main() {
  for (const name of readdirSync(COPY)) {
    // Of an earlier start of this container.
    if (name !== "node_modules") rmSync(join(COPY, name), { recursive: true });
  }
  let known = files();
  bringOver(new Map(), known);
  if (!install()) process.exit(1);
  start();
  for (;;) {
    await sleep(1000);
    let found, changed;
    try {
      found = files();
      changed = bringOver(known, found);
    } catch (error) {
      // Something was taken away between the two looks; the next look tells.
      if (error.code === "ENOENT") continue;
      throw error;
    }
    known = found;
    if (!changed.some(isRead)) continue;
    say(`starting again, since this changed: ${changed.filter(isRead).join(", ")}`);
    if (!changed.includes("package-lock.json") || install()) {
      await stop();
      start();
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop().then(() => process.exit(0)));
await main();
