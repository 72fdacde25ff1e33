"use client";

import { ActionIcon, AspectRatio, Avatar, Box, Center, Group, Loader } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import type { PreviewTrack } from "../devices/usePreviewTrack";
import { useAudioLevel } from "../devices/useAudioLevel";
import classes from "./Preview.module.css";

/** How someone will be seen and heard, with the two switches. */
export function Preview(props: {
  name: string;
  camera: PreviewTrack;
  microphone: PreviewTrack;
  onCamera: (isWanted: boolean) => void;
  onMicrophone: (isWanted: boolean) => void;
}) {
  const t = useTranslations("preview");
  const { camera, microphone } = props;
  const hasCamera = camera.status === "on" || camera.status === "starting";
  const hasMicrophone = microphone.status === "on" || microphone.status === "starting";
  return (
    <Box className={classes.frame}>
      <AspectRatio ratio={16 / 9}>
        {camera.status === "on" ? (
          <CameraPicture track={camera.track} />
        ) : (
          <Center pb={56}>
            {camera.status === "starting" ? (
              <Loader color="gray.4" aria-label={t("starting")} />
            ) : (
              <Avatar size={96} name={props.name} color="indigo.4" variant="filled" />
            )}
          </Center>
        )}
      </AspectRatio>
      <Group className={classes.controls} justify="center">
        <Switch
          label={hasMicrophone ? t("muteMicrophone") : t("unmuteMicrophone")}
          isOn={hasMicrophone}
          icons={[IconMicrophone, IconMicrophoneOff]}
          onChange={props.onMicrophone}
        />
        <Switch
          label={hasCamera ? t("stopCamera") : t("startCamera")}
          isOn={hasCamera}
          icons={[IconVideo, IconVideoOff]}
          onChange={props.onCamera}
        />
      </Group>
      <LevelMeter track={microphone.status === "on" ? microphone.track : undefined} />
    </Box>
  );
}

function CameraPicture({ track }: { track: MediaStreamTrack }) {
  const t = useTranslations("preview");
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = new MediaStream([track]);
  }, [track]);
  return <video ref={video} className={classes.picture} autoPlay playsInline muted aria-label={t("picture")} />;
}

function LevelMeter({ track }: { track: MediaStreamTrack | undefined }) {
  const t = useTranslations("preview");
  const level = useAudioLevel(track);
  return (
    <div
      className={classes.meter}
      role="meter"
      aria-label={t("level")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(level * 100)}
    >
      <div className={classes.level} style={{ width: `${level * 100}%` }} />
    </div>
  );
}

function Switch(props: {
  label: string;
  isOn: boolean;
  icons: [typeof IconVideo, typeof IconVideo];
  onChange: (isOn: boolean) => void;
}) {
  const Icon = props.icons[props.isOn ? 0 : 1];
  return (
    <ActionIcon
      size={48}
      radius="xl"
      color={props.isOn ? "dark.5" : "red.8"}
      variant="filled"
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onChange(!props.isOn)}
    >
      <Icon size={22} aria-hidden />
    </ActionIcon>
  );
}
