"use client";

import { Button, Group, NativeSelect, SimpleGrid } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { DeviceChoice } from "../devices/deviceChoice";
import { playTestSound } from "../devices/testSound";
import { useDevices } from "../devices/useDevices";

/** Which camera, microphone and speaker to use, and a sound to test the speaker with. */
export function DeviceSelects(props: {
  choice: DeviceChoice;
  permitted: boolean;
  onChange: (part: Partial<DeviceChoice>) => void;
}) {
  const t = useTranslations("preview");
  const { choice, permitted, onChange } = props;
  const cameras = useDevices("videoinput", permitted);
  const microphones = useDevices("audioinput", permitted);
  const speakers = useDevices("audiooutput", permitted);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <DeviceSelect
        label={t("camera")}
        devices={cameras}
        value={choice.cameraId}
        onChange={(cameraId) => onChange({ cameraId })}
      />
      <DeviceSelect
        label={t("microphone")}
        devices={microphones}
        value={choice.microphoneId}
        onChange={(microphoneId) => onChange({ microphoneId })}
      />
      {speakers.length > 0 && (
        <DeviceSelect
          label={t("speaker")}
          devices={speakers}
          value={choice.speakerId}
          onChange={(speakerId) => onChange({ speakerId })}
        />
      )}
      <SpeakerTest speakerId={choice.speakerId} />
    </SimpleGrid>
  );
}

function DeviceSelect(props: {
  label: string;
  devices: MediaDeviceInfo[];
  value: string;
  onChange: (id: string) => void;
}) {
  const t = useTranslations("preview");
  const known = props.devices.some((device) => device.deviceId === props.value);
  return (
    <NativeSelect
      label={props.label}
      value={known ? props.value : ""}
      disabled={props.devices.length === 0}
      data={[
        { value: "", label: props.devices.length === 0 ? t("noDevice") : t("defaultDevice") },
        ...props.devices
          .filter((device) => device.deviceId !== "default")
          .map((device, index) => ({
            value: device.deviceId,
            label: device.label === "" ? t("unnamedDevice", { number: index + 1 }) : device.label,
          })),
      ]}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

function SpeakerTest({ speakerId }: { speakerId: string }) {
  const t = useTranslations("preview");
  const [isPlaying, setIsPlaying] = useState(false);
  const play = async () => {
    setIsPlaying(true);
    await playTestSound(speakerId).finally(() => setIsPlaying(false));
  };
  return (
    <Group align="flex-end">
      <Button
        variant="default"
        fullWidth
        leftSection={<IconVolume size={18} aria-hidden />}
        disabled={isPlaying}
        onClick={() => void play()}
      >
        {isPlaying ? t("playing") : t("testSpeaker")}
      </Button>
    </Group>
  );
}
