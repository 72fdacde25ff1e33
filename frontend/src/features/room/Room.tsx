"use client";

import { LiveKitRoom, RoomAudioRenderer } from "@livekit/components-react";
import { DisconnectReason, type RoomOptions } from "livekit-client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { JoinTicket } from "@/api/schema";
import type { LeaveReason } from "../join/AfterCall";
import { BlurProcessor } from "../background/BlurProcessor";
import { useBlurInRoom } from "../background/useBlurInRoom";
import { suppressesNoise, useDeviceChoice, type DeviceChoice } from "../devices/deviceChoice";
import { useDevicesInRoom } from "../devices/useDevicesInRoom";
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
      className={classes.room ?? ""}
      aria-label={t("label", { title: ticket.meeting.title })}
    >
      <RoomAudioRenderer />
      <OwnMedia choice={choice} />
      <LiveMeetingProvider ticket={ticket} connection={connection}>
        <RoomContent knewOfRecording={ticket.recordingActive} onRejoin={onRejoin} />
      </LiveMeetingProvider>
    </LiveKitRoom>
  );
}

/** Keeps what is sent as it is chosen while the call goes on. */
function OwnMedia({ choice }: { choice: DeviceChoice }) {
  useDevicesInRoom(choice);
  useBlurInRoom(choice.blursBackground);
  useNoiseInRoom(suppressesNoise(choice));
  return null;
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
