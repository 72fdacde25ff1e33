"use client";

import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Recording } from "@/api/schema";

/** Why the newest recording failed, for hosts, who alone are told; not of one that had failed before they came. */
export function FailedRecording({ last }: { last: Recording | undefined }) {
  const t = useTranslations("recording");
  const dialogs = useTranslations("dialogs");
  const failed = last?.state === "failed" ? last : undefined;
  const [known, setKnown] = useState(failed?.id);
  if (!failed || failed.id === known) return null;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={t("failed")}
      role="alert"
      withCloseButton
      onClose={() => setKnown(failed.id)}
      closeButtonLabel={dialogs("close")}
    >
      <Text size="sm" c="var(--mantine-color-text)">
        {failed.failure}
      </Text>
    </Alert>
  );
}
