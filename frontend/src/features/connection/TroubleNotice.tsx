"use client";

import { Button, CloseButton, Group, Paper, Stack, Text } from "@mantine/core";
import { IconWifi1 } from "@tabler/icons-react";
import { useLocalParticipant } from "@livekit/components-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useTrouble } from "./useTrouble";

/** That one's own connection is poor, why, and what helps. Whoever closes it is told again the next time. */
export function TroubleNotice() {
  const t = useTranslations("trouble");
  const { localParticipant, isCameraEnabled } = useLocalParticipant();
  const trouble = useTrouble();
  const [isClosed, setIsClosed] = useState(false);
  if (!trouble && isClosed) setIsClosed(false);
  if (!trouble || isClosed) return null;
  const helpsWithoutCamera = trouble === "upload" || trouble === "computer" || trouble === "unknown";
  return (
    <Paper p="xs" withBorder>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconWifi1 size={18} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{t(trouble)}</Text>
          {helpsWithoutCamera && isCameraEnabled && (
            <Button size="xs" variant="default" onClick={() => void localParticipant.setCameraEnabled(false)}>
              {t("stopCamera")}
            </Button>
          )}
        </Stack>
        <CloseButton size="sm" aria-label={t("close")} onClick={() => setIsClosed(true)} />
      </Group>
    </Paper>
  );
}
