"use client";

import { Alert, Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import type { Recording } from "@/api/schema";
import { duration } from "../join/duration";
import { RecordingActions } from "./RecordingActions";
import { size } from "./recordingRequest";

const colours: Record<Recording["state"], string> = {
  requested: "gray",
  starting: "gray",
  active: "red.8",
  ending: "gray",
  uploaded: "gray",
  ready: "green",
  failed: "red",
  deleting: "gray",
};

export function RecordingCard({ recording }: { recording: Recording }) {
  const t = useTranslations("recordings");
  const states = useTranslations("recording");
  const format = useFormatter();
  const time = format.dateTime(new Date(recording.startedAt ?? recording.createdAt), {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <Card withBorder component="article" aria-labelledby={`recording-${recording.id}`} h="100%">
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Title order={2} size="h5" id={`recording-${recording.id}`}>
            {time}
          </Title>
          <Badge color={colours[recording.state]} variant="light" autoContrast>
            {states(`states.${recording.state}`)}
          </Badge>
        </Group>
        <Text size="sm">{states(`kinds.${recording.kind}`)}</Text>
        <Facts recording={recording} />
        {recording.state === "failed" && (
          <Alert color="red" variant="light" title={t("whyFailed")}>
            <Text size="sm" c="var(--mantine-color-text)">
              {recording.failure}
            </Text>
          </Alert>
        )}
        {recording.deleteAfter && (
          <Text size="xs" c="dimmed">
            {t("deleteAfter", { time: format.dateTime(new Date(recording.deleteAfter), { dateStyle: "medium" }) })}
          </Text>
        )}
        <RecordingActions recording={recording} name={time} />
      </Stack>
    </Card>
  );
}

/** How long and how large it is, once that is known. */
function Facts({ recording }: { recording: Recording }) {
  const t = useTranslations("recordings");
  const format = useFormatter();
  const { durationMilliseconds, sizeBytes } = recording;
  const { hours, minutes, seconds } = duration((durationMilliseconds ?? 0) / 1000);
  const large = size(sizeBytes ?? 0);
  return (
    <Group gap="md">
      {durationMilliseconds !== null && (
        <Text size="sm" c="dimmed">
          {t("length", { time: `${hours}:${two(minutes)}:${two(seconds)}` })}
        </Text>
      )}
      {sizeBytes !== null && (
        <Text size="sm" c="dimmed">
          {format.number(large.value, { style: "unit", unit: large.unit, maximumFractionDigits: 1 })}
        </Text>
      )}
    </Group>
  );
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
