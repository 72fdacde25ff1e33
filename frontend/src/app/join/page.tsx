"use client";

import { Text } from "@mantine/core";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { HomeLink } from "@/components/HomeLink";
import { JoinFlow } from "@/features/join/JoinFlow";
import { joinCode } from "@/lib/joinCode";

/** Every address below /join is this page; the code is in the address. */
export default function JoinPage() {
  const t = useTranslations("join");
  const path = usePathname();
  const code = joinCode(path);
  if (!code) {
    return (
      <DoorPage title={t("notFound")}>
        <Text>{t("badLink")}</Text>
        <HomeLink />
      </DoorPage>
    );
  }
  return <JoinFlow key={code} code={code} />;
}
