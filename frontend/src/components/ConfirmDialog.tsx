"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "./ErrorNotice";

/** Asks before something that can't be undone. Stays open with the reason when it fails. */
export function ConfirmDialog(props: {
  isOpen: boolean;
  title: string;
  text: string;
  action: string;
  mutation: { isPending: boolean; error: unknown };
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useTranslations("dialogs");
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        <Text size="sm">{props.text}</Text>
        {props.mutation.error ? <ErrorNotice error={props.mutation.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="red.8" loading={props.mutation.isPending} onClick={props.onConfirm}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
