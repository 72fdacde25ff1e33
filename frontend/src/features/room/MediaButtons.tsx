"use client";

import {
  IconMicrophone,
  IconMicrophoneOff,
  IconScreenShare,
  IconScreenShareOff,
  IconVideo,
  IconVideoOff,
} from "@tabler/icons-react";
import { useLocalParticipant } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import { setDevice } from "../devices/setDevice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { BarButton } from "./BarButton";

/** Microphone, camera and screen, as far as one may send them. */
export function MediaButtons({ hasScreen = true }: { hasScreen?: boolean }) {
  const t = useTranslations("controls");
  const { sources } = useLiveMeeting();
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled, isScreenShareEnabled } = useLocalParticipant();
  const canShare = hasScreen && sources.includes("screen_share") && "getDisplayMedia" in (navigator.mediaDevices ?? {});
  return (
    <>
      {sources.includes("microphone") && (
        <BarButton
          label={isMicrophoneEnabled ? t("mute") : t("unmute")}
          icon={isMicrophoneEnabled ? IconMicrophone : IconMicrophoneOff}
          isOff={!isMicrophoneEnabled}
          onClick={() => void setDevice(localParticipant, "microphone", !isMicrophoneEnabled)}
        />
      )}
      {sources.includes("camera") && (
        <BarButton
          label={isCameraEnabled ? t("stopCamera") : t("startCamera")}
          icon={isCameraEnabled ? IconVideo : IconVideoOff}
          isOff={!isCameraEnabled}
          onClick={() => void setDevice(localParticipant, "camera", !isCameraEnabled)}
        />
      )}
      {canShare && (
        <BarButton
          label={isScreenShareEnabled ? t("stopSharing") : t("shareScreen")}
          icon={isScreenShareEnabled ? IconScreenShareOff : IconScreenShare}
          isOn={isScreenShareEnabled}
          onClick={() =>
            // Whoever closes the browser's own dialog doesn't want to share: nothing went wrong.
            void localParticipant.setScreenShareEnabled(!isScreenShareEnabled, { audio: true }).catch(() => undefined)
          }
        />
      )}
    </>
  );
}
