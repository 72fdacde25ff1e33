"use client";

import { Button, Group, Notification, Paper, Text } from "@mantine/core";
import { IconMicrophoneOff, IconVolume } from "@tabler/icons-react";
import { useAudioPlayback, useLocalParticipant, useRoomContext } from "@livekit/components-react";
import { LocalTrack, type TrackPublication } from "livekit-client";
import { useTranslations } from "use-intl";
import { OutageNotice } from "../connection/OutageNotice";
import { TroubleNotice } from "../connection/TroubleNotice";
import { UpdateNotice } from "../connection/UpdateNotice";
import { DeviceHelp } from "../devices/DeviceHelp";
import { useDeviceTrack } from "../devices/useDeviceTrack";
import { setDevice } from "../devices/setDevice";
import { useMutedBySystem } from "../devices/useMutedBySystem";
import { useUnplugged } from "../devices/useUnplugged";
import { useTalksWhileMuted } from "./useTalksWhileMuted";

/** What people should know at once: the connection is away or poor, nobody is heard, they talk into a muted microphone. */
export function RoomNotices({ onRejoin }: { onRejoin: () => void }) {
  const t = useTranslations("notices");
  const room = useRoomContext();
  const { canPlayAudio, startAudio } = useAudioPlayback(room);
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled, microphoneTrack, cameraTrack } =
    useLocalParticipant();
  const microphone = ownTrack(microphoneTrack);
  const camera = ownTrack(cameraTrack);
  const microphoneIsMuted = useMutedBySystem(useDeviceTrack(microphone));
  const cameraIsMuted = useMutedBySystem(useDeviceTrack(camera));
  const microphoneIsUnplugged = useUnplugged(microphone, isMicrophoneEnabled);
  const cameraIsUnplugged = useUnplugged(camera, isCameraEnabled);
  const talksWhileMuted = useTalksWhileMuted();
  return (
    <div role="status" aria-live="polite">
      <OutageNotice onRejoin={onRejoin} />
      <TroubleNotice />
      <UpdateNotice />
      {isMicrophoneEnabled && microphoneIsMuted && <DeviceHelp device="microphone" reason="mutedBySystem" />}
      {isCameraEnabled && cameraIsMuted && <DeviceHelp device="camera" reason="mutedBySystem" />}
      {microphoneIsUnplugged && <DeviceHelp device="microphone" reason="unplugged" />}
      {cameraIsUnplugged && <DeviceHelp device="camera" reason="unplugged" />}
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

function ownTrack(publication: TrackPublication | undefined): LocalTrack | undefined {
  return publication?.track instanceof LocalTrack ? publication.track : undefined;
}
