"use client";

import { Modal, NativeSelect, Stack, Switch } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { useSettingsChange } from "./useSettingsChange";

const audiences = ["everyone", "hosts", "nobody"] as const;
const recorders = ["hosts", "nobody"] as const;
const lobbies = ["off", "guests", "everyone"] as const;

/** Who may do what in the meeting that goes on. Each change takes effect at once. */
export function RightsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("meetingDialog");
  const people = useTranslations("people");
  const dialogs = useTranslations("dialogs");
  const { settings } = useLiveMeeting();
  const { change, isPending, error } = useSettingsChange();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={people("rights")}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <Stack gap="sm">
        {error && <ErrorNotice error={error} />}
        <NativeSelect
          label={t("lobby")}
          value={settings.lobby}
          disabled={isPending}
          data={lobbies.map((value) => ({ value, label: t(`lobbies.${value}`) }))}
          onChange={(event) => change({ lobby: one(lobbies, event.currentTarget.value) })}
        />
        {(["screenShare", "chat", "draw"] as const).map((name) => (
          <NativeSelect
            key={name}
            label={t(name)}
            value={settings[name]}
            disabled={isPending}
            data={audiences.map((value) => ({ value, label: t(`audiences.${value}`) }))}
            onChange={(event) => change({ [name]: one(audiences, event.currentTarget.value) })}
          />
        ))}
        <NativeSelect
          label={t("record")}
          value={settings.record}
          disabled={isPending}
          data={recorders.map((value) => ({ value, label: t(`audiences.${value}`) }))}
          onChange={(event) => change({ record: one(recorders, event.currentTarget.value) })}
        />
        <Switch
          label={people("keepChat")}
          checked={settings.chatHistory}
          disabled={isPending}
          onChange={(event) => change({ chatHistory: event.currentTarget.checked })}
        />
      </Stack>
    </Modal>
  );
}

/** An input's text as one of the values that it offers. */
function one<T extends string>(values: readonly [T, ...T[]], text: string): T {
  return values.find((value) => value === text) ?? values[0];
}
