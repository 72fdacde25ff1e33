"use client";

import { useConnectionState, useRoomContext } from "@livekit/components-react";
import EgressHelper from "@livekit/egress-sdk";
import { ConnectionState } from "livekit-client";
import { useEffect, useState } from "react";
import { recorderLayout, type RecorderLayout } from "./recorderLayout";

/** A recording begins with the first picture, or without one after this many milliseconds: perhaps every camera is off. */
const longestWait = 3000;
const lookEvery = 100;

/** Tells the recorder when the picture is there and when the call is over. Returns the layout that it wants. */
export function useRecorderSignals(): RecorderLayout {
  const room = useRoomContext();
  const state = useConnectionState();
  const [layout, setLayout] = useState(() => recorderLayout(EgressHelper.getLayout()));
  const isConnected = state === ConnectionState.Connected;

  useEffect(() => {
    if (!isConnected) return undefined;
    EgressHelper.onLayoutChanged((name) => setLayout(recorderLayout(name)));
    EgressHelper.setRoom(room);
    const until = Date.now() + longestWait;
    const timer = setInterval(() => {
      if (!hasPicture() && Date.now() < until) return;
      clearInterval(timer);
      EgressHelper.startRecording();
    }, lookEvery);
    return () => clearInterval(timer);
  }, [room, isConnected]);

  return layout;
}

function hasPicture(): boolean {
  return [...document.querySelectorAll("video")].some(
    ({ readyState }) => readyState >= HTMLMediaElement.HAVE_CURRENT_DATA,
  );
}
