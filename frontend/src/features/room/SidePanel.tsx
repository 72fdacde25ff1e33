"use client";

import { CloseButton, Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import classes from "./Room.module.css";

export type PanelName = "chat" | "people";

/** A panel beside the stage; over it on phones. */
export function SidePanel(props: { name: PanelName; onClose: () => void; children: ReactNode }) {
  const t = useTranslations("panels");
  return (
    <aside className={classes.panel} aria-label={t(`titles.${props.name}`)}>
      <Group justify="space-between" p="sm">
        <Title order={2} size="h5">
          {t(`titles.${props.name}`)}
        </Title>
        <CloseButton aria-label={t("close")} onClick={props.onClose} />
      </Group>
      {props.children}
    </aside>
  );
}
