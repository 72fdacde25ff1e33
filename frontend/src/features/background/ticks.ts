/**
 * Calls `onTick` so many times a second until what it returns is called. By a worker: timers of a page that isn't seen come once
 * a second, and whoever looks at another window is still seen by the others.
 */
export function startTicks(perSecond: number, onTick: () => void): () => void {
  const program = new Blob([`setInterval(() => postMessage(0), ${1000 / perSecond})`], { type: "text/javascript" });
  const address = URL.createObjectURL(program);
  const worker = new Worker(address);
  worker.addEventListener("message", onTick);
  return () => {
    worker.terminate();
    URL.revokeObjectURL(address);
  };
}
