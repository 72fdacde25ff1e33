"use client";

import { Button, Card, Center, Group, Loader, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { RecordingCard } from "./RecordingCard";
import { useRecordings } from "./useRecordings";

export function RecordingList({ scope }: { scope: "own" | "all" }) {
  const t = useTranslations("recordings");
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useRecordings(scope);
  if (isPending) {
    return (
      <Center py="xl">
        <Loader aria-label={t("loading")} />
      </Center>
    );
  }
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const recordings = data.pages.flatMap((page) => page.items);
  if (recordings.length === 0) {
    return (
      <Card withBorder py="xl">
        <Text fw={600} ta="center">
          {t("none")}
        </Text>
        <Text c="dimmed" size="sm" ta="center">
          {t("noneHint")}
        </Text>
      </Card>
    );
  }
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {recordings.map((recording) => (
          <li key={recording.id}>
            <RecordingCard recording={recording} />
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
