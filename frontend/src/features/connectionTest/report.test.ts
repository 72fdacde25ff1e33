import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "./report.ts";
import { nothingTried, steps } from "./steps.ts";

test("a report has every step in words and as the browser said it", () => {
  const words = Object.fromEntries(steps.map((step) => [step, { name: `Name of ${step}`, text: "Works" }]));
  const text = report({
    title: "Connection test",
    verdict: "All is well",
    words: words as Parameters<typeof report>[0]["words"],
    results: {
      ...nothingTried,
      udp: { status: "passed", detail: "udpDirect", milliseconds: 12, technical: "local udp host" },
    },
    moment: new Date("2026-03-02T09:00:00Z"),
    page: "https://meet.example.org",
    server: "wss://livekit.example.org",
    browser: "Mozilla/5.0",
  });
  assert.match(text, /^Connection test\n2026-03-02T09:00:00\.000Z {2}https:\/\/meet\.example\.org\n/);
  for (const step of steps) assert.match(text, new RegExp(`^- Name of ${step}: Works$`, "m"));
  assert.match(text, /^udp: passed; detail=udpDirect; milliseconds=12; technical=local udp host$/m);
  assert.match(text, /^tcp: waiting$/m);
});
