"use client";

import { ActionIcon, Box, Group, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import type { Message } from "@/api/schema";

export function ChatMessage({ message, onDelete }: { message: Message; onDelete?: () => void }) {
  const t = useTranslations("chat");
  const format = useFormatter();
  return (
    <Box>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} truncate>
          {message.displayName}
        </Text>
        <Text size="xs" c="dimmed" flex={1}>
          {format.dateTime(new Date(message.sentAt), { timeStyle: "short" })}
        </Text>
        {onDelete && (
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t("deleteOf", { name: message.displayName })}
            onClick={onDelete}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {message.text}
      </Text>
    </Box>
  );
}
