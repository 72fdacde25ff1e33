"use client";

import { Button, ScrollArea, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { ChatForm } from "./ChatForm";
import { ChatMessage } from "./ChatMessage";
import type { Messages } from "./useMessages";

/** What people write to each other during the call. */
export function ChatPanel({ messages }: { messages: Messages }) {
  const t = useTranslations("chat");
  const { canChat, isHost, ownId, settings, call } = useLiveMeeting();
  const remove = query.useMutation("delete", "/api/v1/meetings/{meeting_id}/messages/{message_id}");
  const removeMessage = (id: string) =>
    remove.mutate(
      { ...call, params: { path: { ...call.params.path, message_id: id } } },
      { onSuccess: () => messages.drop(id) },
    );
  return (
    <>
      <ScrollArea flex={1} px="sm" viewportProps={{ tabIndex: 0, "aria-label": t("log"), role: "region" }}>
        {messages.isIncomplete && (
          <Button size="compact-sm" variant="default" onClick={() => messages.read()}>
            {t("readAgain")}
          </Button>
        )}
        <Text c="dimmed" size="xs" mb="xs">
          {settings.chatHistory ? t("kept") : t("notKept")}
        </Text>
        <Stack gap="sm" role="log" aria-label={t("log")} pb="sm">
          {messages.log.length === 0 && (
            <Text c="dimmed" size="sm">
              {t("empty")}
            </Text>
          )}
          {messages.log.map((message) => (
            <ChatMessage
              key={message.id}
              message={message}
              {...(isHost || message.participantId === ownId ? { onDelete: () => removeMessage(message.id) } : {})}
            />
          ))}
          <div key={messages.log.length} ref={scrollIntoView} />
        </Stack>
      </ScrollArea>
      {remove.error && <ErrorNotice error={remove.error} />}
      {canChat ? (
        <ChatForm onSent={messages.add} />
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
