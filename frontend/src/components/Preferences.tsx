"use client";

import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconSettings } from "@tabler/icons-react";
import { useLocale, useTranslations } from "use-intl";
import { useLocaleChoice } from "@/i18n/LocaleProvider";
import { locales } from "@/i18n/locales";

const schemes = ["light", "dark", "auto"] as const;

/** Language and colours. */
export function Preferences() {
  const t = useTranslations("preferences");
  const locale = useLocale();
  const { choose } = useLocaleChoice();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={t("title")}>
          <IconSettings size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("language")}</Menu.Label>
        {locales.map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            role="menuitemradio"
            aria-checked={each === locale}
            rightSection={mark(each === locale)}
            onClick={() => choose(each)}
          >
            {t(`languages.${each}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("colours")}</Menu.Label>
        {schemes.map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={each === colorScheme}
            rightSection={mark(each === colorScheme)}
            onClick={() => setColorScheme(each)}
          >
            {t(`schemes.${each}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function mark(isChosen: boolean) {
  return isChosen ? <IconCheck size={16} aria-hidden /> : undefined;
}
