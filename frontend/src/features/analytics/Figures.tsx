"use client";

import { Card, SimpleGrid, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import type { AnalyticsSums } from "@/api/schema";
import { useDurationText } from "./useDurationText";

/** The sums of a time, or of a meeting, side by side. */
export function Figures({ sums }: { sums: AnalyticsSums }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const durationText = useDurationText();
  const rating = (value: number) => format.number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const figures = [
    { name: t("figures.gatherings"), value: format.number(sums.gatherings), hint: durationText(sums.durationSeconds) },
    {
      name: t("figures.participants"),
      value: format.number(sums.participants),
      hint: t("peak", { count: sums.peakParticipants }),
    },
    { name: t("figures.participantSeconds"), value: durationText(sums.participantSeconds), hint: t("together") },
    {
      name: t("figures.recordedSeconds"),
      value: durationText(sums.recordedSeconds),
      hint: t("recordings", { count: sums.recordings }),
    },
    {
      name: t("figures.abortedConnections"),
      value: format.number(sums.abortedConnections),
      hint: t("neverConnected", { count: sums.neverConnected }),
    },
    {
      name: t("figures.rating"),
      value: sums.averageRating === null ? t("none") : t("ofFive", { value: rating(sums.averageRating) }),
      hint: t("ratings", { count: sums.ratings }),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" component="dl" m={0}>
      {figures.map(({ name, value, hint }) => (
        <Card key={name} withBorder padding="sm">
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={650} size="xl">
            {value}
          </Text>
          <Text component="dd" m={0} size="xs" c="dimmed">
            {hint}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}
