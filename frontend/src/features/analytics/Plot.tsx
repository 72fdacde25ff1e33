"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { useMediaQuery } from "@mantine/hooks";

export interface PlotProps {
  /** What is plotted, for the legend of a bar. */
  name: string;
  points: { label: string; value: number }[];
  format: (value: number) => string;
}

/** Bars, one a step. Loaded when there is something to plot. The same figures are in the table, for those who can't see them. */
export function Plot({ name, points, format }: PlotProps) {
  const isStill = useMediaQuery("(prefers-reduced-motion: reduce)");
  return (
    <BarChart
      h={280}
      data={points.map(({ label, value }) => ({ label, [name]: value }))}
      dataKey="label"
      series={[{ name, color: "indigo.5" }]}
      valueFormatter={format}
      barProps={{ isAnimationActive: isStill === false, radius: [4, 4, 0, 0] }}
      barChartProps={{ accessibilityLayer: false, margin: { top: 12 } }}
      xAxisProps={{ minTickGap: 24, interval: "equidistantPreserveStart" }}
      yAxisProps={{ allowDecimals: points.some(({ value }) => !Number.isInteger(value)), width: 48 }}
    />
  );
}
