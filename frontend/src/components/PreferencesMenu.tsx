"use client";

import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useLocaleChoice } from "@/i18n/LocaleProvider";
import { locales } from "@/i18n/locales";
import { PreferencesButton } from "./Preferences";

const schemes = ["light", "dark", "auto"] as const;

/** Language and colours, opened at once. */
export function PreferencesMenu() {
  const t = useTranslations("preferences");
  const { locale, choose } = useLocaleChoice();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={200} defaultOpened checkIcon={<IconCheck size={16} aria-hidden />}>
      <Menu.Target>
        <PreferencesButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("language")}</Menu.Label>
        {locales.map((each) => (
          <Menu.RadioItem
            key={each}
            value={each}
            lang={each}
            checked={each === locale}
            closeMenuOnClick
            onChange={() => choose(each)}
          >
            {t(`languages.${each}`)}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("colours")}</Menu.Label>
        {schemes.map((each) => (
          <Menu.RadioItem
            key={each}
            value={each}
            checked={each === colorScheme}
            closeMenuOnClick
            onChange={() => setColorScheme(each)}
          >
            {t(`schemes.${each}`)}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
