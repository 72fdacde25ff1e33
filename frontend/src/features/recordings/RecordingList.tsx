"use client";

import { Card, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { CardGrid, PagedList } from "@/components/PagedList";
import { RecordingCard } from "./RecordingCard";
import { useRecordings } from "./useRecordings";

export function RecordingList({ scope }: { scope: "own" | "all" }) {
  const t = useTranslations("recordings");
  return (
    <PagedList pages={useRecordings(scope)} texts={{ loading: t("loading"), more: t("more") }}>
      {(recordings) =>
        recordings.length === 0 ? (
          <NoRecordings />
        ) : (
          <CardGrid items={recordings}>{(recording) => <RecordingCard recording={recording} />}</CardGrid>
        )
      }
    </PagedList>
  );
}

function NoRecordings() {
  const t = useTranslations("recordings");
  return (
    <Card withBorder py="xl">
      <Text fw={600} ta="center">
        {t("none")}
      </Text>
      <Text c="dimmed" size="sm" ta="center">
        {t("noneHint")}
      </Text>
    </Card>
  );
}
