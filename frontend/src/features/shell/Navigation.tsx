"use client";

import { Button, Group, Menu, ActionIcon } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";

const pages = [
  { href: "/meetings", name: "meetings", isForAdmins: false },
  { href: "/recordings", name: "recordings", isForAdmins: false },
  { href: "/analytics", name: "analytics", isForAdmins: false },
  { href: "/accounts", name: "accounts", isForAdmins: true },
] as const;

/** The pages of the signed-in area; on phones behind a menu. */
export function Navigation({ isAdmin }: { isAdmin: boolean }) {
  const t = useTranslations("shell");
  const path = usePathname();
  const shown = pages.filter((page) => isAdmin || !page.isForAdmins);
  const current = (href: string) => (path === href ? { "aria-current": "page" as const } : {});
  return (
    <nav aria-label={t("pages.title")}>
      <Group gap={4} visibleFrom="sm" wrap="nowrap">
        {shown.map(({ href, name }) => (
          <Button
            key={href}
            component={Link}
            href={href}
            variant={path === href ? "light" : "subtle"}
            color={path === href ? "indigo" : "gray"}
            c={path === href ? "var(--mantine-color-anchor)" : "var(--mantine-color-text)"}
            {...current(href)}
          >
            {t(`pages.${name}`)}
          </Button>
        ))}
      </Group>
      <Menu>
        <Menu.Target>
          <ActionIcon hiddenFrom="sm" variant="default" size="lg" aria-label={t("pages.title")}>
            <IconMenu2 size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {shown.map(({ href, name }) => (
            <Menu.Item key={href} component={Link} href={href} {...current(href)}>
              {t(`pages.${name}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
