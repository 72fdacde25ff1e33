"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { DoorPage } from "./DoorPage";
import { HomeLink } from "./HomeLink";

/** What stands at an address that is no page. */
export function NothingHere() {
  const t = useTranslations("notFound");
  return (
    <DoorPage title={t("title")}>
      <Text>{t("text")}</Text>
      <HomeLink />
    </DoorPage>
  );
}
