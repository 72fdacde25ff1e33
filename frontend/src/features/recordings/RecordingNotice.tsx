"use client";

import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlayerRecordFilled } from "@tabler/icons-react";
import { useRoomContext } from "@livekit/components-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Recording } from "@/api/schema";
import { useOwnRecordings } from "./useOwnRecordings";
import classes from "./Recording.module.css";

/**
 * Tells everybody that they are recorded: a mark as long as it goes on, and a question whenever it begins, since staying means
 * agreeing. Whoever `knew` was told at the door, and whoever started it is not asked.
 */
export function RecordingNotice({ active, knew }: { active: Recording[]; knew: boolean }) {
  const t = useTranslations("recording");
  const room = useRoomContext();
  const [hasAgreed, setHasAgreed] = useState(knew);
  const own = useOwnRecordings();
  const isRecorded = active.length > 0;
  const isOwn = own.isStarting || active.some(({ id }) => own.ids.includes(id));
  // Another recording is asked about again.
  if (!isRecorded && hasAgreed) setHasAgreed(false);
  // What was started once stays agreed to, when another host goes on recording.
  if (isRecorded && !own.isStarting && isOwn && !hasAgreed) setHasAgreed(true);
  if (!isRecorded) return null;
  return (
    <>
      <Badge
        className={classes.mark ?? ""}
        color="red.8"
        size="lg"
        leftSection={<IconPlayerRecordFilled size={14} aria-hidden />}
        role="status"
      >
        {t("mark")}
      </Badge>
      <Modal
        opened={!hasAgreed && !isOwn}
        onClose={() => undefined}
        closeOnEscape={false}
        closeOnClickOutside={false}
        withCloseButton={false}
        title={t("noticeTitle")}
      >
        <Stack>
          <Text size="sm">{t("notice")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => void room.disconnect()}>
              {t("leave")}
            </Button>
            <Button onClick={() => setHasAgreed(true)} data-autofocus>
              {t("agree")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
