"use client";

import { Avatar, Group, ScrollArea, Stack, Text } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from "@tabler/icons-react";
import { useParticipantInfo, useParticipants } from "@livekit/components-react";
import { Track, type Participant } from "livekit-client";
import { useTranslations } from "use-intl";
import { useIsSourceMuted } from "./useIsSourceMuted";

/** Who is in the call. */
export function PeoplePanel() {
  const t = useTranslations("people");
  const participants = useParticipants();
  return (
    <ScrollArea flex={1} px="sm">
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: "none" }} aria-label={t("inCall")}>
        {participants.map((participant) => (
          <li key={participant.identity}>
            <Person participant={participant} />
          </li>
        ))}
      </Stack>
    </ScrollArea>
  );
}

function Person({ participant }: { participant: Participant }) {
  const t = useTranslations("people");
  const info = useParticipantInfo({ participant });
  const isMuted = useIsSourceMuted(participant, Track.Source.Microphone);
  const isHidden = useIsSourceMuted(participant, Track.Source.Camera);
  const name = info.name || t("nameless");
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar name={name} color="initials" radius="xl" size="sm" alt="" />
      <Text size="sm" flex={1} truncate>
        {participant.isLocal ? t("you", { name }) : name}
      </Text>
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
    </Group>
  );
}
