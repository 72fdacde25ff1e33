"use client";

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";

/** Who was thrown out and is kept out, for hosts, who can let them back. */
export function RemovedPeople() {
  const t = useTranslations("people");
  const { call } = useLiveMeeting();
  const { data, refetch } = query.useQuery("get", "/api/v1/meetings/{meeting_id}/removals", {
    ...call,
    params: { ...call.params, query: { limit: 100 } },
  });
  const lift = query.useMutation("delete", "/api/v1/meetings/{meeting_id}/removals/{participant_id}", {
    onSettled: () => void refetch(),
  });
  const people = data?.items ?? [];
  if (people.length === 0) return null;
  return (
    <Stack gap="xs" pb="sm" component="section" aria-label={t("removed")}>
      <Title order={3} size="h6">
        {t("removed")}
      </Title>
      {lift.error && <ErrorNotice error={lift.error} />}
      {people.map((person) => (
        <Group key={person.id} wrap="nowrap" gap="xs">
          <Text size="sm" flex={1} truncate>
            {person.displayName}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("letBackName", { name: person.displayName })}
            onClick={() =>
              lift.mutate({ ...call, params: { path: { ...call.params.path, participant_id: person.id } } })
            }
          >
            {t("letBack")}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
