"use client";

import { Button, Center, CopyButton, Modal, Stack, TextInput } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useTranslations } from "use-intl";
import type { Meeting } from "@/api/schema";

/** The link to a meeting as text and as a QR code for phones. */
export function ShareDialog({ meeting, isOpen, onClose }: { meeting: Meeting; isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("share");
  const dialogs = useTranslations("dialogs");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("title", { title: meeting.title })}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <Stack>
        <Center p="md" bg="white" style={{ borderRadius: "var(--mantine-radius-md)" }}>
          <QRCodeSVG value={meeting.joinUrl} size={220} title={t("qrCode")} />
        </Center>
        <TextInput label={t("link")} value={meeting.joinUrl} readOnly onFocus={(event) => event.target.select()} />
        <CopyButton value={meeting.joinUrl}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}
        </CopyButton>
      </Stack>
    </Modal>
  );
}
