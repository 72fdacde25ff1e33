"use client";

import { Button, Group, Notification, Paper, Text } from "@mantine/core";
import { IconMicrophoneOff, IconVolume } from "@tabler/icons-react";
import { useAudioPlayback, useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import { OutageNotice } from "../connection/OutageNotice";
import { TroubleNotice } from "../connection/TroubleNotice";
import { UpdateNotice } from "../connection/UpdateNotice";
import { DeviceHelp } from "../devices/DeviceHelp";
import { useMutedBySystem } from "../devices/useMutedBySystem";
import { useTalksWhileMuted } from "./useTalksWhileMuted";

/** What people should know at once: the connection is away or poor, nobody is heard, they talk into a muted microphone. */
export function RoomNotices({ onRejoin }: { onRejoin: () => void }) {
  const t = useTranslations("notices");
  const room = useRoomContext();
  const { canPlayAudio, startAudio } = useAudioPlayback(room);
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled, microphoneTrack, cameraTrack } =
    useLocalParticipant();
  const microphoneIsMuted = useMutedBySystem(microphoneTrack?.track?.mediaStreamTrack);
  const cameraIsMuted = useMutedBySystem(cameraTrack?.track?.mediaStreamTrack);
  const talksWhileMuted = useTalksWhileMuted();
  return (
    <div role="status" aria-live="polite">
      <OutageNotice onRejoin={onRejoin} />
      <TroubleNotice />
      <UpdateNotice />
      {isMicrophoneEnabled && microphoneIsMuted && <DeviceHelp device="microphone" reason="mutedBySystem" />}
      {isCameraEnabled && cameraIsMuted && <DeviceHelp device="camera" reason="mutedBySystem" />}
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
          <Button size="xs" onClick={() => void localParticipant.setMicrophoneEnabled(true)}>
            {t("unmute")}
          </Button>
        </Notification>
      )}
    </div>
  );
}
