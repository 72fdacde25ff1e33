"use client";

import { Divider, Modal, Stack, Switch } from "@mantine/core";
import { useLocalParticipant } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import { useAnnouncementChoice } from "../announcements/useAnnouncementChoice";
import { PictureAndSound } from "../background/PictureAndSound";
import { useDeviceChoice } from "../devices/deviceChoice";
import { DeviceSelects } from "../join/DeviceSelects";

/** What the person wants of the room; kept in this browser. */
export function SettingsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("roomSettings");
  const dialogs = useTranslations("dialogs");
  const [choice, setChoice] = useAnnouncementChoice();
  const [devices, changeDevices] = useDeviceChoice();
  const { microphoneTrack, cameraTrack } = useLocalParticipant();
  const permitted = microphoneTrack !== undefined || cameraTrack !== undefined;
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("title")} closeButtonProps={{ "aria-label": dialogs("close") }}>
      <Stack>
        <DeviceSelects choice={devices} permitted={permitted} onChange={changeDevices} />
        <PictureAndSound choice={devices} onChange={changeDevices} />
        <Divider />
        <Switch
          label={t("sounds")}
          description={t("soundsHint")}
          checked={choice.sounds}
          onChange={(event) => setChoice({ ...choice, sounds: event.currentTarget.checked })}
        />
        <Switch
          label={t("messages")}
          description={t("messagesHint")}
          checked={choice.messages}
          onChange={(event) => setChoice({ ...choice, messages: event.currentTarget.checked })}
        />
      </Stack>
    </Modal>
  );
}
