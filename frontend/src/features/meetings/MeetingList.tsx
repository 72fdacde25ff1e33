"use client";

import { Button, Card, Center, Group, Loader, SimpleGrid, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCalendarEvent } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { MeetingCard } from "./MeetingCard";
import { useMeetings } from "./useMeetings";

export function MeetingList() {
  const t = useTranslations("meetings");
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useMeetings();
  if (isPending) {
    return (
      <Center py="xl">
        <Loader aria-label={t("loading")} />
      </Center>
    );
  }
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const meetings = data.pages.flatMap((page) => page.items);
  if (meetings.length === 0) return <NoMeetings />;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {meetings.map((meeting) => (
          <li key={meeting.id}>
            <MeetingCard meeting={meeting} />
          </li>
        ))}
      </SimpleGrid>
      {hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function NoMeetings() {
  const t = useTranslations("meetings");
  return (
    <Card withBorder py="xl">
      <Stack align="center" gap="xs">
        <ThemeIcon size={56} radius="xl" variant="light" aria-hidden>
          <IconCalendarEvent size={28} />
        </ThemeIcon>
        <Text fw={600}>{t("none")}</Text>
        <Text c="dimmed" size="sm" ta="center">
          {t("noneHint")}
        </Text>
      </Stack>
    </Card>
  );
}
