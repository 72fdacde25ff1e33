"use client";

import { Paper, Text, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useAnnouncementChoice } from "./useAnnouncementChoice";
import type { Shown } from "./useAnnouncements";

/** Reads out what happened, and shows it to those who want to see it. */
export function Announcements({ shown }: { shown: Shown[] }) {
  const t = useTranslations("announcements");
  const [{ messages }] = useAnnouncementChoice();
  return (
    <div role="log" aria-live="polite" aria-label={t("log")}>
      {shown.map(({ id, kind, name }) => {
        const text = t(kind, { name: name || t("nameless") });
        return messages ? (
          <Paper key={id} px="sm" py={6} mb={4} shadow="sm" w="fit-content" mx="auto">
            <Text size="sm">{text}</Text>
          </Paper>
        ) : (
          <VisuallyHidden key={id}>{text}</VisuallyHidden>
        );
      })}
    </div>
  );
}
