"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useSignIn } from "./useSession";

export function SignInForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("signIn");
  const signIn = useSignIn();
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  return (
    <form onSubmit={form.onSubmit((body) => signIn.mutate({ body }, { onSuccess: onDone }))}>
      <Stack>
        {signIn.error && <ErrorNotice error={signIn.error} />}
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword"), "aria-hidden": false, tabIndex: 0 }}
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Button type="submit" loading={signIn.isPending}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}
