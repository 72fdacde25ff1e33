"use client";

import { Button, Divider, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { SignInForm } from "@/features/session/SignInForm";
import { useSession } from "@/features/session/useSession";
import { joinCode } from "@/lib/joinCode";

/** For those who were sent a code, and for those who sign in. Whoever is signed in goes on to the meetings. */
export default function HomePage() {
  const t = useTranslations("home");
  const router = useRouter();
  const session = useSession();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { code: "" },
    validate: { code: (text) => (joinCode(text) ? null : t("codeWrong")) },
  });

  useEffect(() => {
    if (session.status === "signed-in") router.replace("/meetings");
  }, [session.status, router]);

  return (
    <DoorPage title={t("title")}>
      <form onSubmit={form.onSubmit(({ code }) => router.push(`/join/${joinCode(code)}`))}>
        <TextInput
          label={t("code")}
          description={t("codeHint")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          key={form.key("code")}
          {...form.getInputProps("code")}
        />
        <Button type="submit" mt="sm" fullWidth variant="default">
          {t("join")}
        </Button>
      </form>
      <Divider label={t("or")} />
      <SignInForm onDone={() => router.replace("/meetings")} />
    </DoorPage>
  );
}
