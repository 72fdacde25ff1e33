"use client";

import { Container, Group, Stack, Switch, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { RecordingList } from "@/features/recordings/RecordingList";
import { Shell } from "@/features/shell/Shell";

export default function RecordingsPage() {
  const t = useTranslations("recordings");
  const [isAll, setIsAll] = useState(false);
  return (
    <Shell title={t("title")}>
      {({ account }) => (
        <Container size="lg" px={0}>
          <Stack>
            <Group justify="space-between">
              <Title order={1} size="h2">
                {t("title")}
              </Title>
              {account.role === "admin" && (
                <Switch
                  label={t("everybodys")}
                  checked={isAll}
                  onChange={(event) => setIsAll(event.currentTarget.checked)}
                />
              )}
            </Group>
            <RecordingList scope={isAll ? "all" : "own"} />
          </Stack>
        </Container>
      )}
    </Shell>
  );
}
