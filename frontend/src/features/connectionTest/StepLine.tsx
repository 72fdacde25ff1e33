"use client";

import { Box, Group, Loader, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconMinus, IconQuestionMark, IconX } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useStepText } from "./useStepText";
import type { StepName, StepResult } from "./steps";

const marks = {
  waiting: { icon: IconMinus, color: "gray" },
  passed: { icon: IconCheck, color: "green.8" },
  failed: { icon: IconX, color: "red.8" },
  absent: { icon: IconMinus, color: "gray.7" },
  untold: { icon: IconQuestionMark, color: "gray.7" },
} as const;

/** One thing that was tried, and what came out. */
export function StepLine({ step, result }: { step: StepName; result: StepResult }) {
  const t = useTranslations("connectionTest");
  const textOf = useStepText();
  const mark = result.status === "running" ? undefined : marks[result.status];
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      {mark ? (
        <ThemeIcon
          size={24}
          radius="xl"
          color={mark.color}
          variant={result.status === "waiting" ? "light" : "filled"}
          aria-hidden
        >
          <mark.icon size={16} />
        </ThemeIcon>
      ) : (
        <Loader size={24} aria-hidden />
      )}
      <Box flex={1} miw={0}>
        <Text fw={600}>{t(`names.${step}`)}</Text>
        <Text size="sm" c="dimmed">
          {textOf(result)}
        </Text>
      </Box>
    </Group>
  );
}
