"use client";

import { useEffect, useRef } from "react";
import type { Announcement } from "../announcements/announcement";
import { useLiveMeeting, useMeetingEvent } from "../live/LiveMeeting";
import type { RecordingsNow } from "./useRecordingsNow";

/**
 * Tells everyone when people begin to be recorded and when that ends, not what was so before they came; of a recording that failed
 * they are told that in place of its end, also when it failed before anybody saw it begin. Hosts have a notice with the reason instead.
 */
export function useRecordingNews(
  { active, isLoaded }: RecordingsNow,
  announce: (announcement: Announcement) => void,
): void {
  const { isHost } = useLiveMeeting();
  const before = useRef<boolean>(undefined);
  const hasFailed = useRef(false);
  const isRecorded = isLoaded ? active.length > 0 : undefined;

  useMeetingEvent(({ name, data }) => {
    if (name !== "recording.changed") return;
    hasFailed.current = data["state"] === "failed";
    if (hasFailed.current && !isHost) announce({ kind: "recordingFailed", name: "" });
  });

  useEffect(() => {
    const { current } = before;
    before.current = isRecorded;
    if (current === undefined || isRecorded === undefined || current === isRecorded) return;
    if (isRecorded) announce({ kind: "recordingStarted", name: "" });
    else if (!hasFailed.current) announce({ kind: "recordingStopped", name: "" });
  }, [isRecorded, announce]);
}
