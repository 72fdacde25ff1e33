"use client";

import { Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Overview } from "@/features/analytics/Overview";
import { Shell } from "@/features/shell/Shell";

export default function AnalyticsPage() {
  const t = useTranslations("analytics");
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
      {() => <Overview scope={isAll ? "all" : "own"} />}
    </Shell>
  );
}
