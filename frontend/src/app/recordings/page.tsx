"use client";

import { Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { RecordingList } from "@/features/recordings/RecordingList";
import { Shell } from "@/features/shell/Shell";

export default function RecordingsPage() {
  const t = useTranslations("recordings");
  const [isAll, setIsAll] = useState(false);
  return (
    <Shell
      title={t("title")}
      renderActions={({ account }) =>
        account.role === "admin" && (
          <Switch label={t("everybodys")} checked={isAll} onChange={(event) => setIsAll(event.currentTarget.checked)} />
        )
      }
    >
      {() => <RecordingList scope={isAll ? "all" : "own"} />}
    </Shell>
  );
}
