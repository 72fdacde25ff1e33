"use client";

import { Button, Group, Notification, Paper, Text } from "@mantine/core";
import { IconMicrophoneOff, IconVolume } from "@tabler/icons-react";
import { useAudioPlayback, useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import { OutageNotice } from "../connection/OutageNotice";
import { TroubleNotice } from "../connection/TroubleNotice";
import { UpdateNotice } from "../connection/UpdateNotice";
import { DeviceNotices } from "../devices/DeviceNotices";
import { setDevice } from "../devices/setDevice";
import { useTalksWhileMuted } from "./useTalksWhileMuted";

/** What people should know at once: the connection is away or poor, nobody is heard, they talk into a muted microphone. */
export function RoomNotices({ onRejoin }: { onRejoin: () => void }) {
  const t = useTranslations("notices");
  const room = useRoomContext();
  const { canPlayAudio, startAudio } = useAudioPlayback(room);
  const { localParticipant } = useLocalParticipant();
  const talksWhileMuted = useTalksWhileMuted();
  return (
    <div role="status" aria-live="polite">
      <OutageNotice onRejoin={onRejoin} />
      <TroubleNotice />
      <UpdateNotice />
      <DeviceNotices />
      {!canPlayAudio && (
        <Paper p="xs" withBorder>
          <Group gap="xs">
            <IconVolume size={18} aria-hidden />
            <Text size="sm">{t("noSound")}</Text>
            <Button size="xs" onClick={() => void startAudio()}>
              {t("allowSound")}
            </Button>
          </Group>
        </Paper>
      )}
      {talksWhileMuted && (
        <Notification
          icon={<IconMicrophoneOff size={18} aria-hidden />}
          withCloseButton={false}
          color="yellow"
          title={t("talksMuted")}
        >
          <Button size="xs" onClick={() => void setDevice(localParticipant, "microphone", true)}>
            {t("unmute")}
          </Button>
        </Notification>
      )}
    </div>
  );
}
