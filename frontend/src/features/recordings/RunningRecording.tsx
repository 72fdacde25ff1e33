"use client";

import { Badge, Button, Group, Text } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useRoomContext } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import type { Recording } from "@/api/schema";

export function RunningRecording(props: { recording: Recording; isStopping: boolean; onStop: () => void }) {
  const t = useTranslations("recording");
  const room = useRoomContext();
  const { kind, participantId, state } = props.recording;
  const name = participantId ? room.getParticipantByIdentity(participantId)?.name : undefined;
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm" fw={600}>
          {name ? t("kindOf", { kind: t(`kinds.${kind}`), name }) : t(`kinds.${kind}`)}
        </Text>
        <Badge color="red.8">{t(`states.${state}`)}</Badge>
      </div>
      <Button
        color="red.8"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        loading={props.isStopping}
        disabled={state === "ending"}
        onClick={props.onStop}
      >
        {t("stop")}
      </Button>
    </Group>
  );
}
