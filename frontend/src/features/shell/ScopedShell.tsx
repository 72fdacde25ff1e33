"use client";

import { Switch } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Shell } from "./Shell";

export type Scope = "own" | "all";

/** A page of one's own things, which for administrators becomes everybody's. The namespace has `title` and `everybodys`. */
export function ScopedShell(props: { namespace: "analytics" | "recordings"; children: (scope: Scope) => ReactNode }) {
  const t = useTranslations(props.namespace);
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
      {() => props.children(isAll ? "all" : "own")}
    </Shell>
  );
}
