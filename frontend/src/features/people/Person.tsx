"use client";

import { Avatar, Badge, Box, Group, Text } from "@mantine/core";
import { IconHandStop, IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from "@tabler/icons-react";
import { useParticipantAttribute, useParticipantInfo } from "@livekit/components-react";
import { Track, type Participant } from "livekit-client";
import { useTranslations } from "use-intl";
import { useIsSourceMuted } from "../room/useIsSourceMuted";
import { PersonMenu } from "./PersonMenu";
import type { HostActions } from "./useHostActions";

/** One line of the list. `hand` is the place among raised hands, 0 while it is down. */
export function Person(props: { participant: Participant; hand: number; actions?: HostActions }) {
  const t = useTranslations("people");
  const { participant, hand, actions } = props;
  const info = useParticipantInfo({ participant });
  const role = useParticipantAttribute("role", { participant });
  const isMuted = useIsSourceMuted(participant, Track.Source.Microphone);
  const isHidden = useIsSourceMuted(participant, Track.Source.Camera);
  const name = info.name || t("nameless");
  return (
    <Group gap="xs" wrap="nowrap" mih={34}>
      <Avatar name={name} color="indigo" variant="filled" radius="xl" size="sm" />
      <Box flex={1} miw={0}>
        <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {participant.isLocal ? t("you", { name }) : name}
        </Text>
        {role === "host" && (
          <Text size="xs" c="dimmed">
            {t("host")}
          </Text>
        )}
      </Box>
      {hand > 0 && (
        <Badge
          color="yellow"
          autoContrast
          leftSection={<IconHandStop size={12} aria-hidden />}
          role="img"
          aria-label={t("hand", { place: hand })}
        >
          {hand}
        </Badge>
      )}
      {isMuted ? (
        <IconMicrophoneOff size={16} role="img" aria-label={t("muted")} />
      ) : (
        <IconMicrophone size={16} role="img" aria-label={t("unmuted")} />
      )}
      {isHidden ? (
        <IconVideoOff size={16} role="img" aria-label={t("cameraOff")} />
      ) : (
        <IconVideo size={16} role="img" aria-label={t("cameraOn")} />
      )}
      {actions && (
        <PersonMenu
          participant={participant}
          name={name}
          state={{ isMuted, isHidden, hasHand: hand > 0, isHost: role === "host" }}
          actions={actions}
        />
      )}
    </Group>
  );
}
