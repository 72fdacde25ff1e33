"use client";

import { Button, Card, Center, Group, Loader, NativeSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { AnalyticsOverview } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { NothingCard } from "@/components/NothingCard";
import type { Scope } from "../shell/ScopedShell";
import { Figures } from "./Figures";
import { FileLink } from "./FileLink";
import { isTime, measures, plotted, type Measure } from "./measures";
import { periodOf, spans, type Span } from "./period";
import { StepTable } from "./StepTable";
import { analyticsFile, useAnalytics } from "./useAnalytics";

const Plot = dynamic(() => import("./Plot").then((module) => module.Plot), {
  ssr: false,
  loading: () => <Waiting />,
});

/** Meetings over time: sums, a plot of one figure, and everything as a table and as a file. */
export function Overview({ scope }: { scope: Scope }) {
  const t = useTranslations("analytics");
  const [{ span, period }, choose] = useState(() => chosen("month"));
  const { data, error, refetch } = useAnalytics(period, scope);
  return (
    <Stack>
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t("span")}
          value={span}
          data={spans.map((value) => ({ value, label: t(`spans.${value}`) }))}
          onChange={(value) => choose(chosen(spans.find((each) => each === value) ?? "month"))}
        />
        <FileLink href={analyticsFile(period, scope)} />
      </Group>
      {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting />}
      {data && (data.totals.gatherings === 0 ? <Nothing /> : <Figured overview={data} />)}
    </Stack>
  );
}

function Figured({ overview }: { overview: AnalyticsOverview }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const [measure, setMeasure] = useState<Measure>("participants");
  const [isTable, setIsTable] = useState(false);
  const name = t(`figures.${measure}`);
  const labelOf = (start: string) => {
    const options = overview.interval === "month" ? ({ month: "short", year: "numeric" } as const) : inDays;
    const day = format.dateTime(new Date(start), { ...options, timeZone: "UTC" });
    return overview.interval === "week" ? t("weekOf", { day }) : day;
  };
  const valueText = (value: number) =>
    isTime(measure) ? t("hours", { value: format.number(value) }) : format.number(value);
  return (
    <>
      <Figures sums={overview.totals} />
      <Card withBorder component="section" aria-label={t("overTime")}>
        <Stack>
          <Group justify="space-between" align="flex-end">
            <NativeSelect
              label={t("figure")}
              value={measure}
              data={measures.map((value) => ({ value, label: t(`figures.${value}`) }))}
              onChange={({ currentTarget }) =>
                setMeasure(measures.find((each) => each === currentTarget.value) ?? "participants")
              }
            />
            <Button variant="default" aria-pressed={isTable} onClick={() => setIsTable((now) => !now)}>
              {t("table")}
            </Button>
          </Group>
          {isTable ? (
            <StepTable steps={overview.steps} labelOf={labelOf} />
          ) : (
            <figure role="img" aria-label={t("plot", { name })} style={{ margin: 0 }}>
              <Plot
                name={name}
                format={valueText}
                points={overview.steps.map(({ start, sums }) => ({
                  label: labelOf(start),
                  value: plotted(sums, measure),
                }))}
              />
            </figure>
          )}
          {!isTable && (
            <Text size="sm" c="dimmed">
              {t("utc")}
            </Text>
          )}
        </Stack>
      </Card>
    </>
  );
}

/** A time up to now: today moves on while the page is open, but not what is looked at. */
const chosen = (span: Span) => ({ span, period: periodOf(span, new Date()) });

const inDays = { day: "numeric", month: "short" } as const;

function Nothing() {
  const t = useTranslations("analytics");
  return <NothingCard title={t("nothing")} hint={t("nothingHint")} />;
}

function Waiting() {
  const t = useTranslations("analytics");
  return (
    <Center mih={280}>
      <Loader aria-label={t("loading")} />
    </Center>
  );
}
