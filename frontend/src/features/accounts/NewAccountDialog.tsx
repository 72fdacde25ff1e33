"use client";

import { Button, Group, Modal, NativeSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import type { AccountDraft } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useCreateAccount } from "./useAccounts";

const shortest = 10;
const roles = ["member", "admin"] as const;
const empty: Required<AccountDraft> = { email: "", displayName: "", password: "", role: "member" };

export function NewAccountDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("accounts");
  const dialogs = useTranslations("dialogs");
  const create = useCreateAccount();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: empty,
    validate: {
      displayName: (text) => (text.trim() === "" ? t("nameMissing") : null),
      email: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : t("emailWrong")),
      password: (text) => (text.length < shortest ? t("passwordShort", { count: shortest }) : null),
    },
  });
  const close = () => {
    form.reset();
    create.reset();
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t("create")} closeButtonProps={{ "aria-label": dialogs("close") }}>
      <form onSubmit={form.onSubmit((body) => create.mutate({ body }, { onSuccess: close }))} noValidate>
        <Stack>
          {create.error && <ErrorNotice error={create.error} />}
          <TextInput
            label={t("name")}
            data-autofocus
            maxLength={64}
            key={form.key("displayName")}
            {...form.getInputProps("displayName")}
          />
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="off"
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": t("showPassword"), "aria-hidden": false, tabIndex: 0 }}
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          <NativeSelect
            label={t("role")}
            data={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
            key={form.key("role")}
            {...form.getInputProps("role")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {dialogs("cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
