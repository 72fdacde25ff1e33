"use client";

import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import type { Account } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useSetPassword } from "./useAccounts";

const shortest = 10;

/** A new password for someone who forgot theirs. */
export function PasswordDialog(props: { account: Account; isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("accounts");
  const dialogs = useTranslations("dialogs");
  const set = useSetPassword();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { password: "" },
    validate: { password: (text) => (text.length < shortest ? t("passwordShort", { count: shortest }) : null) },
  });
  const close = () => {
    form.reset();
    set.reset();
    props.onClose();
  };
  const submit = form.onSubmit((body) =>
    set.mutate({ params: { path: { account_id: props.account.id } }, body }, { onSuccess: close }),
  );
  return (
    <Modal
      opened={props.isOpen}
      onClose={close}
      title={t("passwordOf", { name: props.account.displayName })}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {set.error && <ErrorNotice error={set.error} />}
          <Text size="sm">{t("passwordHint")}</Text>
          <PasswordInput
            label={t("password")}
            autoComplete="new-password"
            data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("showPassword"), "aria-hidden": false, tabIndex: 0 }}
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {dialogs("cancel")}
            </Button>
            <Button type="submit" loading={set.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
