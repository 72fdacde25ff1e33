"use client";

import { Alert, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { AccountTable } from "@/features/accounts/AccountTable";
import { NewAccountDialog } from "@/features/accounts/NewAccountDialog";
import { Shell } from "@/features/shell/Shell";

export default function AccountsPage() {
  const t = useTranslations("accounts");
  const [isOpen, dialog] = useDisclosure();
  return (
    <Shell
      title={t("title")}
      renderActions={({ account }) =>
        account.role === "admin" && (
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={dialog.open}>
            {t("create")}
          </Button>
        )
      }
    >
      {({ account }) => (
        <>
          {account.role === "admin" ? <AccountTable ownId={account.id} /> : <Alert color="gray">{t("notYours")}</Alert>}
          <NewAccountDialog isOpen={isOpen} onClose={dialog.close} />
        </>
      )}
    </Shell>
  );
}
