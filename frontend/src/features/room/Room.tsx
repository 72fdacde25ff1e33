"use client";

import { LiveKitRoom, RoomAudioRenderer } from "@livekit/components-react";
import { DisconnectReason, MediaDeviceFailure, type RoomOptions } from "livekit-client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { JoinTicket } from "@/api/schema";
import type { LeaveReason } from "../join/AfterCall";
import { BlurProcessor } from "../background/BlurProcessor";
import { useBlurInRoom } from "../background/useBlurInRoom";
import { suppressesNoise, useDeviceChoice, type DeviceChoice } from "../devices/deviceChoice";
import { deviceFailure, type DeviceFailure } from "../devices/deviceFailure";
import { DeviceHelp } from "../devices/DeviceHelp";
import { useNoiseInRoom } from "../devices/useNoiseInRoom";
import { LiveMeetingProvider } from "../live/LiveMeeting";
import { connectionFailure } from "./connectionFailure";
import { RoomContent } from "./RoomContent";
import { whyFailed } from "./whyFailed";
import classes from "./Room.module.css";

export interface RoomProps {
  ticket: JoinTicket;
  connection: NonNullable<JoinTicket["connection"]>;
  onLeft: (reason: LeaveReason) => void;
  /** To the door, and in again. */
  onRejoin: () => void;
}

/** The call: connected to LiveKit while it is shown. */
export function Room({ ticket, connection, onLeft, onRejoin }: RoomProps) {
  const t = useTranslations("room");
  const [choice] = useDeviceChoice();
  const [failure, setFailure] = useState<{ device: "camera" | "microphone"; reason: DeviceFailure }>();
  const canUse = (source: "camera" | "microphone") => connection.canPublishSources.includes(source);

  // Made once: another object would make LiveKit connect anew.
  const [options] = useState<RoomOptions>(() => ({
    adaptiveStream: true,
    dynacast: true,
    videoCaptureDefaults: {
      ...(choice.cameraId === "" ? {} : { deviceId: choice.cameraId }),
      ...(choice.blursBackground ? { processor: new BlurProcessor() } : {}),
    },
    audioCaptureDefaults: {
      ...(choice.microphoneId === "" ? {} : { deviceId: choice.microphoneId }),
      noiseSuppression: suppressesNoise(choice),
    },
    audioOutput: choice.speakerId === "" ? {} : { deviceId: choice.speakerId },
  }));

  // LiveKit may tell of one failure twice.
  const isOver = useRef(false);
  const leave = (reason: LeaveReason) => {
    if (isOver.current) return;
    isOver.current = true;
    if (reason === "failed") void whyFailed(ticket).then(onLeft);
    else onLeft(reason);
  };

  const help = failure && <DeviceHelp device={failure.device} reason={failure.reason} />;

  return (
    <LiveKitRoom
      serverUrl={connection.url}
      token={connection.token}
      connect
      options={options}
      video={choice.usesCamera && canUse("camera")}
      audio={choice.usesMicrophone && canUse("microphone")}
      onDisconnected={(reason) => leave(leaveReason(reason))}
      onError={(error) => {
        const reason = connectionFailure(error);
        if (reason !== undefined) leave(reason);
      }}
      onMediaDeviceFailure={(error, kind) =>
        setFailure({
          device: kind === "videoinput" ? "camera" : "microphone",
          reason: livekitFailure(error),
        })
      }
      className={classes.room ?? ""}
      aria-label={t("label", { title: ticket.meeting.title })}
    >
      <RoomAudioRenderer />
      <OwnMedia choice={choice} />
      <LiveMeetingProvider ticket={ticket} connection={connection}>
        <RoomContent help={help} knewOfRecording={ticket.recordingActive} onRejoin={onRejoin} />
      </LiveMeetingProvider>
    </LiveKitRoom>
  );
}

/** Keeps what is sent as it is chosen while the call goes on. */
function OwnMedia({ choice }: { choice: DeviceChoice }) {
  useBlurInRoom(choice.blursBackground);
  useNoiseInRoom(suppressesNoise(choice));
  return null;
}

function livekitFailure(failure: MediaDeviceFailure | undefined): DeviceFailure {
  switch (failure) {
    case MediaDeviceFailure.PermissionDenied:
      return "denied";
    case MediaDeviceFailure.NotFound:
      return "notFound";
    case MediaDeviceFailure.DeviceInUse:
      return "inUse";
    default:
      return deviceFailure(failure);
  }
}

function leaveReason(reason: DisconnectReason | undefined): LeaveReason {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return "left";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return "ended";
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "removed";
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "duplicate";
    default:
      return "failed";
  }
}
