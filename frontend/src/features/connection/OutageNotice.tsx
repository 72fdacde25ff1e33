"use client";

import { Button, Group, Loader, Paper, Stack, Text } from "@mantine/core";
import { IconWifi } from "@tabler/icons-react";
import { useConnectionState } from "@livekit/components-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { outageOf } from "./outage";

/** Until people are offered to join anew by themselves. */
const patience = 12_000;
/** How long they are told that they are back. */
const relief = 4000;

/** What is interrupted, that it is being mended, what one can do when that takes long, and that it is over. */
export function OutageNotice({ onRejoin }: { onRejoin: () => void }) {
  const t = useTranslations("outages");
  const outage = outageOf(useConnectionState());
  const isAway = outage !== undefined;
  const [stage, setStage] = useState<"none" | "begun" | "long" | "over">("none");

  useEffect(() => {
    setStage((now) => (isAway ? "begun" : now === "none" ? "none" : "over"));
    const timer = setTimeout(() => setStage(isAway ? "long" : "none"), isAway ? patience : relief);
    return () => clearTimeout(timer);
  }, [isAway]);

  if (!outage) {
    if (stage !== "over") return null;
    return (
      <Paper p="xs" withBorder>
        <Group gap="xs" wrap="nowrap">
          <IconWifi size={18} aria-hidden />
          <Text size="sm">{t("over")}</Text>
        </Group>
      </Paper>
    );
  }
  return (
    <Paper p="xs" withBorder>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Loader size="xs" mt={3} aria-hidden />
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{t(outage)}</Text>
          {stage === "long" && (
            <>
              <Text size="sm">{t("long")}</Text>
              <Button size="xs" variant="default" onClick={onRejoin}>
                {t("rejoin")}
              </Button>
            </>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}
