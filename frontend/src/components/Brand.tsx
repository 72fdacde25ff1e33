"use client";

import { Group, Text, ThemeIcon } from "@mantine/core";
import { IconVideo } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

export function Brand() {
  const t = useTranslations("shell");
  return (
    <Group gap="xs" wrap="nowrap">
      <ThemeIcon size={32} radius="md" aria-hidden>
        <IconVideo size={20} />
      </ThemeIcon>
      <Text fw={650} size="lg">
        {t("name")}
      </Text>
    </Group>
  );
}
