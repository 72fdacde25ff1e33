"use client";

import { ActionIcon, Box, Group, ScrollArea, Stack, Text, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useChat } from "@livekit/components-react";
import { useState, type SyntheticEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";

const longest = 2000;

/** What people write to each other during the call. */
export function ChatPanel({ canChat }: { canChat: boolean }) {
  const t = useTranslations("chat");
  const format = useFormatter();
  const { chatMessages, send, isSending } = useChat();
  const [text, setText] = useState("");
  const [hasFailed, setHasFailed] = useState(false);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const message = text.trim();
    if (message === "") return;
    // The text stays until it is sent: nothing that was typed is lost.
    send(message).then(
      () => {
        setText("");
        setHasFailed(false);
      },
      () => setHasFailed(true),
    );
  };

  return (
    <>
      <ScrollArea flex={1} px="sm">
        <Stack gap="sm" role="log" aria-label={t("log")} pb="sm">
          {chatMessages.length === 0 && (
            <Text c="dimmed" size="sm">
              {t("empty")}
            </Text>
          )}
          {chatMessages.map((message) => (
            <Box key={message.id}>
              <Group gap="xs" wrap="nowrap">
                <Text size="sm" fw={600} truncate>
                  {message.from?.name || t("nameless")}
                </Text>
                <Text size="xs" c="dimmed">
                  {format.dateTime(message.timestamp, { timeStyle: "short" })}
                </Text>
              </Group>
              <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {message.message}
              </Text>
            </Box>
          ))}
          <div key={chatMessages.length} ref={scrollIntoView} />
        </Stack>
      </ScrollArea>
      {canChat ? (
        <form onSubmit={submit}>
          <Group gap="xs" p="sm" wrap="nowrap" align="flex-end">
            <TextInput
              flex={1}
              aria-label={t("message")}
              placeholder={t("message")}
              maxLength={longest}
              value={text}
              error={hasFailed ? t("failed") : null}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <ActionIcon type="submit" size={36} aria-label={t("send")} loading={isSending}>
              <IconSend size={18} aria-hidden />
            </ActionIcon>
          </Group>
        </form>
      ) : (
        <Text c="dimmed" size="sm" p="sm">
          {t("notAllowed")}
        </Text>
      )}
    </>
  );
}

/** A new element stands behind the newest message, so that this runs for each. */
function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "end" });
}
