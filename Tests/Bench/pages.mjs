// How soon pages show something, and how long they keep the processor: pages.mjs FRONTEND API_URL PATH...
// Serves FRONTEND/out compressed on a port of its own and hands /api to API_URL. Each page is loaded five times by CHROMIUM as it
// is, and five times as a cheap phone would: a quarter of the processor, 1.6 Mbit/s, 150 ms. Prints medians, one figure a line:
// "page|device|figure|value|unit". First contentful paint and long tasks are those of W3C's Paint Timing and Long Tasks; blocking
// time is what long tasks take beyond 50 ms until 3 s after loading.
import { createServer, request as call } from "node:http";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { createGzip } from "node:zlib";

const [frontend, api, ...paths] = process.argv.slice(2);
const { chromium } = createRequire(join(frontend, "package.json"))("playwright");
const ROUNDS = 5;
const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

function fileOf(path) {
  const name = path.startsWith("/join/") ? "/join.html" : normalize(path);
  return [name, `${name}.html`, `${name}/index.html`]
    .map((each) => join(frontend, "out", each))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname.startsWith("/api/")) {
    const onward = call(new URL(request.url, api), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
    return;
  }
  const file = fileOf(decodeURIComponent(pathname));
  if (!file) return void response.writeHead(404).end();
  const kind = kinds[extname(file)];
  response.setHeader("Content-Type", kind ?? "application/octet-stream");
  if (!kind) return void createReadStream(file).pipe(response);
  response.setHeader("Content-Encoding", "gzip");
  createReadStream(file).pipe(createGzip()).pipe(response);
});

async function measure(browser, url, isSlow) {
  const context = await browser.newContext({ permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  if (isSlow) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await devtools.send("Network.enable");
    const speed = (1.6 * 1024 * 1024) / 8;
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 150,
      downloadThroughput: speed,
      uploadThroughput: speed / 2,
    });
  }
  await page.addInitScript(() => {
    window.blockingTime = 0;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.blockingTime += Math.max(0, task.duration - 50);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      window.largestPaint = list.getEntries().at(-1).startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto(url, { waitUntil: "load", timeout: 60_000 });
  await page.waitForTimeout(3000);
  const figures = await page.evaluate(() => ({
    "first contentful paint": performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    "largest contentful paint": window.largestPaint ?? Number.NaN,
    "blocking time": window.blockingTime,
  }));
  await context.close();
  return figures;
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

await new Promise((resolve) => server.listen(0, "localhost", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
});
try {
  for (const path of paths) {
    for (const device of ["this machine", "cheap phone"]) {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push(await measure(browser, `http://localhost:${server.address().port}${path}`, device === "cheap phone"));
      }
      const page = path.startsWith("/join/") ? "join page" : "first page";
      for (const name of Object.keys(rounds[0])) {
        console.log([page, device, name, median(rounds.map((round) => round[name])).toFixed(0), "ms"].join("|"));
      }
    }
  }
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
