"use client";

import { CloseButton, Group, Paper, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useMeetingEvent } from "../live/LiveMeeting";

/** That the service is about to be updated, as those who run it say, until someone closes it. */
export function UpdateNotice() {
  const t = useTranslations("update");
  const [minutes, setMinutes] = useState<number>();
  useMeetingEvent(({ name, data }) => {
    if (name === "service.update_announced" && typeof data["minutes"] === "number") setMinutes(data["minutes"]);
  });
  if (minutes === undefined) return null;
  return (
    <Paper p="xs" withBorder>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconRefresh size={18} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
        <Text size="sm">{t("soon", { minutes })}</Text>
        <CloseButton size="sm" aria-label={t("close")} onClick={() => setMinutes(undefined)} />
      </Group>
    </Paper>
  );
}
