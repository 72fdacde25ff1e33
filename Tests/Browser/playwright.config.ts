import { defineConfig } from "@playwright/test";

const port = Number(process.env.BROWSER_TEST_PORT ?? 3100);
const logs = process.env.BROWSER_TEST_LOGS ?? "/tmp";

export default defineConfig({
  testDir: ".",
  outputDir: `${logs}/results`,
  // Three browsers in a call are as much as two cores bear.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: `${logs}/results.json` }]],
  use: {
    baseURL: `http://localhost:${port}`,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    // Pictures of each step, and more frames of each camera, would take half of the processor's time.
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
    permissions: ["camera", "microphone", "clipboard-write"],
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--use-fake-device-for-media-stream=fps=5",
        "--use-fake-ui-for-media-stream",
        "--enable-unsafe-swiftshader",
      ],
    },
  },
  webServer: {
    command: `"${process.env.BROWSER_TEST_PYTHON ?? "python3"}" system.py`,
    url: `http://localhost:${port}/health/ready`,
    stdout: "pipe",
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 40_000 },
  },
});
