"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { JoinFlow } from "@/features/join/JoinFlow";
import { joinCode } from "@/lib/joinCode";

/** Every address below /join is this page; the code is in the address. */
export default function JoinPage() {
  const t = useTranslations("join");
  const path = usePathname();
  const code = joinCode(path);
  if (!code) {
    return <DoorPage title={t("notFound")}>{t("badLink")}</DoorPage>;
  }
  return <JoinFlow key={code} code={code} />;
}
