"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { SignInForm } from "@/features/session/SignInForm";
import { safeDestination } from "@/lib/safeDestination";

export default function SignInPage() {
  const t = useTranslations("signIn");
  const router = useRouter();
  return (
    <DoorPage title={t("title")}>
      <SignInForm onDone={() => router.replace(safeDestination(window.location.search))} />
    </DoorPage>
  );
}
