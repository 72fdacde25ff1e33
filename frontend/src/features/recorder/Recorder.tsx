"use client";

import { LiveKitRoom, RoomAudioRenderer } from "@livekit/components-react";
import EgressHelper from "@livekit/egress-sdk";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { RecorderStage } from "./RecorderStage";
import { useRecorderSignals } from "./useRecorderSignals";
import classes from "./Recorder.module.css";

const options = { adaptiveStream: false };

/** The picture of a recording: the recorder joins by the token that it gives this page. */
export function Recorder() {
  const t = useTranslations("recorder");
  const [access] = useState(recorderAccess);
  if (!access) return <p className={classes.empty}>{t("forRecorder")}</p>;
  return (
    <LiveKitRoom {...access} connect options={options} className={classes.recorder ?? ""}>
      <RoomAudioRenderer />
      <Picture />
    </LiveKitRoom>
  );
}

function Picture() {
  const layout = useRecorderSignals();
  return <RecorderStage layout={layout} />;
}

function recorderAccess(): { serverUrl: string; token: string } | undefined {
  try {
    return { serverUrl: EgressHelper.getLiveKitURL(), token: EgressHelper.getAccessToken() };
  } catch {
    return undefined; // someone else opened it
  }
}
