"use client";

import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useLocale, useTranslations } from "use-intl";
import { useLocaleChoice } from "@/i18n/LocaleProvider";
import { locales } from "@/i18n/locales";
import { PreferencesButton } from "./Preferences";

const schemes = ["light", "dark", "auto"] as const;

/** Language and colours, opened at once. */
export function PreferencesMenu() {
  const t = useTranslations("preferences");
  const locale = useLocale();
  const { choose } = useLocaleChoice();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={200} defaultOpened>
      <Menu.Target>
        <PreferencesButton />
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
