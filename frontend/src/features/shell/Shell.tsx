"use client";

import {
  Anchor,
  AppShell,
  Avatar,
  Center,
  Container,
  Group,
  Loader,
  Menu,
  Stack,
  Title,
  UnstyledButton,
  VisuallyHidden,
} from "@mantine/core";
import { IconLogout, IconNetwork } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { Session } from "@/api/schema";
import { Brand } from "@/components/Brand";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Preferences } from "@/components/Preferences";
import { useSession, useSignOut } from "../session/useSession";
import { Navigation } from "./Navigation";

/** The frame of the pages for people who are signed in. Others are sent to the sign-in page and come back. */
export function Shell(props: {
  title: string;
  /** What stands beside the title. */
  renderActions?: (session: Session) => ReactNode;
  children: (session: Session) => ReactNode;
}) {
  const { title } = props;
  const t = useTranslations("shell");
  const state = useSession();
  const router = useRouter();
  const path = usePathname();

  useEffect(() => {
    document.title = `${title} – ${t("name")}`;
  }, [title, t]);

  useEffect(() => {
    if (state.status === "signed-out") router.replace(`/sign-in?then=${encodeURIComponent(path)}`);
  }, [state.status, router, path]);

  return (
    <AppShell header={{ height: 60 }} padding="md">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Anchor component={Link} href="/meetings" underline="never" c="inherit">
            <Brand />
          </Anchor>
          <Group gap="xs" wrap="nowrap">
            {state.status === "signed-in" && <Navigation isAdmin={state.session.account.role === "admin"} />}
            <Preferences />
            {state.status === "signed-in" && <AccountMenu session={state.session} />}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        {state.status === "signed-in" && (
          <Container size="lg" px={0}>
            <Stack>
              <Group justify="space-between">
                <Title order={1} size="h2">
                  {title}
                </Title>
                {props.renderActions?.(state.session)}
              </Group>
              {props.children(state.session)}
            </Stack>
          </Container>
        )}
        {state.status === "failed" && <ErrorNotice error={state.error} onRetry={state.retry} />}
        {(state.status === "loading" || state.status === "signed-out") && (
          <Center mih="50dvh">
            <Loader aria-label={t("loading")} />
          </Center>
        )}
      </AppShell.Main>
    </AppShell>
  );
}

function AccountMenu({ session }: { session: Session }) {
  const t = useTranslations("shell");
  const signOut = useSignOut();
  const name = session.account.displayName;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton>
          <Avatar name={name} color="indigo" variant="filled" radius="xl" aria-hidden />
          <VisuallyHidden>{t("account", { name })}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.account.email}</Menu.Label>
        <Menu.Item
          component={Link}
          href="/connection-test"
          prefetch={false}
          leftSection={<IconNetwork size={16} aria-hidden />}
        >
          {t("connectionTest")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
