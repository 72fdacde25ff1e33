"use client";

import { Card, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCalendarEvent } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { CardGrid, PagedList } from "@/components/PagedList";
import { MeetingCard } from "./MeetingCard";
import { useMeetings } from "./useMeetings";

export function MeetingList() {
  const t = useTranslations("meetings");
  return (
    <PagedList pages={useMeetings()} texts={{ loading: t("loading"), more: t("more") }}>
      {(meetings) =>
        meetings.length === 0 ? (
          <NoMeetings />
        ) : (
          <CardGrid items={meetings}>{(meeting) => <MeetingCard meeting={meeting} />}</CardGrid>
        )
      }
    </PagedList>
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
