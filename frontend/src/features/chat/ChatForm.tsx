"use client";

import { ActionIcon, Group, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import type { Message } from "@/api/schema";
import { useErrorText } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";

const longest = 2000;

/** Enter sends, Shift and Enter begin a line. What was typed stays until it is sent. */
export function ChatForm({ onSent }: { onSent: (message: Message) => void }) {
  const t = useTranslations("chat");
  const { call } = useLiveMeeting();
  const errorText = useErrorText();
  const send = query.useMutation("post", "/api/v1/meetings/{meeting_id}/messages");
  const [text, setText] = useState("");

  const submit = () => {
    if (text.trim() === "" || send.isPending) return;
    send.mutate(
      { ...call, body: { text: text.trim() } },
      {
        onSuccess: (message) => {
          setText("");
          onSent(message);
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Group gap="xs" p="sm" wrap="nowrap" align="flex-end">
        <Textarea
          flex={1}
          autosize
          minRows={1}
          maxRows={5}
          aria-label={t("message")}
          placeholder={t("message")}
          maxLength={longest}
          value={text}
          error={send.error ? errorText(send.error) : null}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ActionIcon type="submit" size={36} aria-label={t("send")} loading={send.isPending}>
          <IconSend size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </form>
  );
}
