import type { AnalyticsSums } from "@/api/schema";

/** The figures that a plot can show, one at a time. */
export const measures = [
  "gatherings",
  "participants",
  "participantSeconds",
  "recordedSeconds",
  "abortedConnections",
] as const;
export type Measure = (typeof measures)[number];

const inSeconds = new Set<Measure>(["participantSeconds", "recordedSeconds"]);

/** Times are plotted in hours, everything else is counted. */
export const isTime = (measure: Measure) => inSeconds.has(measure);

/** The number to plot. */
export function plotted(sums: Pick<AnalyticsSums, Measure>, measure: Measure): number {
  return isTime(measure) ? Math.round(sums[measure] / 360) / 10 : sums[measure];
}
