"use client";

import { Alert, Modal, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import type { Recording } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { RecordingStart } from "./RecordingStart";
import { RunningRecording } from "./RunningRecording";

/** For hosts: what can be recorded here, what runs, and how the last one ended. */
export function RecordingDialog(props: {
  active: Recording[];
  last: Recording | undefined;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("recording");
  const dialogs = useTranslations("dialogs");
  const { call } = useLiveMeeting();
  const stop = query.useMutation("post", "/api/v1/meetings/{meeting_id}/recordings/{recording_id}/stop");
  const { active, last } = props;
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={t("title")}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <Stack>
        {stop.error && <ErrorNotice error={stop.error} />}
        {active.map((recording) => (
          <RunningRecording
            key={recording.id}
            recording={recording}
            isStopping={stop.isPending}
            onStop={() =>
              stop.mutate({ ...call, params: { path: { ...call.params.path, recording_id: recording.id } } })
            }
          />
        ))}
        {active.length === 0 && last?.state === "failed" && (
          <Alert color="red" title={t("lastFailed")}>
            {last.failure}
          </Alert>
        )}
        <RecordingStart onStarted={props.onClose} />
      </Stack>
    </Modal>
  );
}
