"use client";

import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import type { Recording } from "@/api/schema";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Player } from "./Player";
import { recordingLink, useDeleteRecording } from "./useRecordings";

/** Play, download and delete. `name` tells recordings apart. */
export function RecordingActions({ recording, name }: { recording: Recording; name: string }) {
  const t = useTranslations("recordings");
  const [isDeleting, deleting] = useDisclosure();
  const remove = useDeleteRecording();
  const play = useMutation({ mutationFn: () => recordingLink(recording, "play") });
  const download = useMutation({
    mutationFn: () => recordingLink(recording, "download"),
    // The link says that it is to be saved: the page stays.
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const playButton = useRef<HTMLButtonElement>(null);
  const endPlaying = () => {
    play.reset();
    playButton.current?.focus();
  };
  const error = play.error ?? download.error;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Group gap="xs" mt="auto">
        {recording.state === "ready" && (
          <>
            <Button
              ref={playButton}
              px="sm"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={play.isPending}
              onClick={() => play.mutate()}
            >
              {t("play")}
            </Button>
            <Button
              px="sm"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              {t("download")}
            </Button>
          </>
        )}
        {!recording.active && recording.state !== "deleting" && (
          <Tooltip label={t("delete")}>
            <ActionIcon
              size={36}
              variant="default"
              ml="auto"
              aria-label={t("deleteOf", { name })}
              onClick={deleting.open}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {play.data && <Player link={play.data} isAudio={recording.kind === "audio"} name={name} onClose={endPlaying} />}
      <ConfirmDialog
        isOpen={isDeleting}
        title={t("deleteTitle", { name })}
        text={t("deleteText")}
        action={t("delete")}
        mutation={remove}
        onConfirm={() =>
          remove.mutate({ params: { path: { recording_id: recording.id } } }, { onSuccess: deleting.close })
        }
        onClose={deleting.close}
      />
    </>
  );
}
