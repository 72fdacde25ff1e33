"use client";

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { useWaitingPeople } from "./useWaitingPeople";

/** Who waits in the lobby, for hosts: let in or turned away one by one, or let in all together. */
export function WaitingPeople() {
  const t = useTranslations("lobby");
  const { call } = useLiveMeeting();
  const { data, refetch } = useWaitingPeople();
  const again = { onSettled: () => void refetch() };
  const admit = query.useMutation("post", "/api/v1/meetings/{meeting_id}/participants/{participant_id}/admit", again);
  const deny = query.useMutation("post", "/api/v1/meetings/{meeting_id}/participants/{participant_id}/deny", again);
  const admitAll = query.useMutation("post", "/api/v1/meetings/{meeting_id}/participants/admit", again);
  const people = data?.items ?? [];
  const one = (id: string) => ({ ...call, params: { path: { ...call.params.path, participant_id: id } } });
  const error = admit.error ?? deny.error ?? admitAll.error;

  if (people.length === 0) return null;
  return (
    <Stack gap="xs" pb="sm" component="section" aria-label={t("title")}>
      <Group justify="space-between">
        <Title order={3} size="h6">
          {t("waiting", { count: people.length })}
        </Title>
        {people.length > 1 && (
          <Button size="compact-sm" loading={admitAll.isPending} onClick={() => admitAll.mutate(call)}>
            {t("admitAll")}
          </Button>
        )}
      </Group>
      {error && <ErrorNotice error={error} />}
      {people.map((person) => (
        <Group key={person.id} wrap="nowrap" gap="xs">
          <Text size="sm" flex={1} truncate>
            {person.displayName}
          </Text>
          <Button
            size="compact-sm"
            aria-label={t("admitName", { name: person.displayName })}
            onClick={() => admit.mutate(one(person.id))}
          >
            {t("admit")}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("denyName", { name: person.displayName })}
            onClick={() => deny.mutate(one(person.id))}
          >
            {t("deny")}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
