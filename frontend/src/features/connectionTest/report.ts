import type { Results, StepName } from "./steps";

/** What one sends to an administrator: the results in words, then what the browser said. No address of the person, no token. */
export function report(parts: {
  title: string;
  verdict: string;
  words: Record<StepName, { name: string; text: string }>;
  results: Results;
  /** When the test ended. */
  moment: Date | undefined;
  page: string;
  server: string;
  browser: string;
}): string {
  const steps = Object.keys(parts.results) as StepName[];
  const lines = [
    parts.title,
    [parts.moment?.toISOString(), parts.page].filter(Boolean).join("  "),
    "",
    parts.verdict,
    ...steps.map((step) => `- ${parts.words[step].name}: ${parts.words[step].text}`),
    "",
    `LiveKit: ${parts.server}`,
    `Browser: ${parts.browser}`,
    ...steps.map((step) => {
      const { status, detail, kilobits, milliseconds, loss, technical } = parts.results[step];
      const figures = { detail, kilobits, milliseconds, loss, technical };
      const written = Object.entries(figures).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${value}`],
      );
      return [`${step}: ${status}`, ...written].join("; ");
    }),
  ];
  return `${lines.join("\n")}\n`;
}
