"use client";

import { Anchor, Box, Container, Group, Paper, Stack, Title } from "@mantine/core";
import Link from "next/link";
import { useEffect, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Brand } from "./Brand";
import { Preferences } from "./Preferences";

/** A page outside of the signed-in area: one card in the middle. */
export function DoorPage({ title, size = 440, children }: { title: string; size?: number; children: ReactNode }) {
  const t = useTranslations("shell");
  useEffect(() => {
    document.title = `${title} – ${t("name")}`;
  }, [title, t]);
  return (
    <Box mih="100dvh" bg="light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))">
      <Group component="header" justify="space-between" p="md">
        <Anchor component={Link} href="/" underline="never" c="inherit">
          <Brand />
        </Anchor>
        <Preferences />
      </Group>
      <Container component="main" size={size} py="xl">
        <Paper withBorder shadow="sm" p={{ base: "md", sm: "xl" }} radius="lg">
          <Stack>
            <Title order={1} size="h2">
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
      </Container>
    </Box>
  );
}
