"use client";

import { Alert, List, Text } from "@mantine/core";
import { IconVideoOff, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { browserFamily, type DeviceFailure } from "./deviceFailure";
import type { Device } from "./setDevice";

/** What to do when a camera or microphone doesn't work. Joining without it stays possible. */
export function DeviceHelp(props: { device: Device | "both"; reason: DeviceFailure; onClose?: () => void }) {
  const t = useTranslations("deviceHelp");
  const dialogs = useTranslations("dialogs");
  const { device, reason, onClose } = props;
  const Icon = device === "microphone" ? IconMicrophoneOff : IconVideoOff;
  const steps = reason === "denied" ? t.raw(`steps.${browserFamily(navigator.userAgent)}`) : undefined;
  return (
    <Alert
      color="yellow"
      icon={<Icon aria-hidden />}
      title={t(`titles.${device}.${reason}`)}
      role="status"
      {...(onClose ? { withCloseButton: true, onClose, closeButtonLabel: dialogs("close") } : {})}
    >
      <Text size="sm" c="var(--mantine-color-text)">
        {t(`texts.${reason}`)}
      </Text>
      {Array.isArray(steps) && (
        <List type="ordered" size="sm" mt="xs">
          {steps.map((step: string) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
