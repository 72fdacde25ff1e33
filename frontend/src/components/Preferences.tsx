"use client";

import { ActionIcon, type ActionIconProps } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState, type ComponentPropsWithRef } from "react";
import { useTranslations } from "use-intl";

/** Menus are loaded when someone wants this one: the join page needs none. */
const PreferencesMenu = dynamic(() => import("./PreferencesMenu").then((module) => module.PreferencesMenu), {
  ssr: false,
  loading: () => <PreferencesButton />,
});

export function Preferences() {
  const [isWanted, setIsWanted] = useState(false);
  return isWanted ? <PreferencesMenu /> : <PreferencesButton aria-haspopup="menu" onClick={() => setIsWanted(true)} />;
}

export function PreferencesButton(props: ActionIconProps & Omit<ComponentPropsWithRef<"button">, "color" | "style">) {
  const t = useTranslations("preferences");
  return (
    <ActionIcon variant="default" size="lg" aria-label={t("title")} {...props}>
      <IconSettings size={18} aria-hidden />
    </ActionIcon>
  );
}
