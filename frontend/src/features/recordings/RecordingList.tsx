"use client";

import { useTranslations } from "use-intl";
import { NothingCard } from "@/components/NothingCard";
import { CardGrid, PagedList } from "@/components/PagedList";
import type { Scope } from "../shell/ScopedShell";
import { RecordingCard } from "./RecordingCard";
import { useRecordings } from "./useRecordings";

export function RecordingList({ scope }: { scope: Scope }) {
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
  return <NothingCard title={t("none")} hint={t("noneHint")} />;
}
