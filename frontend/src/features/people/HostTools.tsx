"use client";

import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments, IconLock, IconLockOpen, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { RightsDialog } from "./RightsDialog";
import type { HostActions } from "./useHostActions";
import { useSettingsChange } from "./useSettingsChange";

/** What concerns everybody: mute all, lock the door, who may do what. */
export function HostTools({ actions }: { actions: HostActions }) {
  const t = useTranslations("people");
  const { call, settings } = useLiveMeeting();
  const { change, isPending, error } = useSettingsChange();
  const [isOpen, dialog] = useDisclosure();
  const LockIcon = settings.locked ? IconLockOpen : IconLock;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Group gap="xs" role="group" aria-label={t("hostTools")}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconMicrophoneOff size={14} aria-hidden />}
          loading={actions.muteAll.isPending}
          onClick={() => actions.muteAll.mutate({ ...call, body: { source: "microphone" } })}
        >
          {t("muteAll")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<LockIcon size={14} aria-hidden />}
          loading={isPending}
          onClick={() => change({ locked: !settings.locked })}
        >
          {settings.locked ? t("unlock") : t("lock")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconAdjustments size={14} aria-hidden />}
          onClick={dialog.open}
        >
          {t("rights")}
        </Button>
      </Group>
      <RightsDialog isOpen={isOpen} onClose={dialog.close} />
    </>
  );
}
