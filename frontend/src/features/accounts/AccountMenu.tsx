"use client";

import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconKey, IconLogout, IconShield, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Account } from "@/api/schema";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useMenuFocus } from "@/components/useMenuFocus";
import { PasswordDialog } from "./PasswordDialog";
import { useChangeAccount, useEndSessions } from "./useAccounts";

const icon = { size: 16, "aria-hidden": true };

/** What an administrator does with an account. Nobody takes their own rights away by mistake: that is left out. */
export function AccountMenu({ account, isOwn }: { account: Account; isOwn: boolean }) {
  const t = useTranslations("accounts");
  const [hasPassword, password] = useDisclosure();
  const [isSwitching, switching] = useDisclosure();
  const [isPromoting, promoting] = useDisclosure();
  const [isEnding, ending] = useDisclosure();
  const [menuButton, onMenuClose] = useMenuFocus();
  const change = useChangeAccount();
  const endSessions = useEndSessions();
  const about = { params: { path: { account_id: account.id } } };
  const name = account.displayName;
  const switchTo = account.disabled ? "enable" : "disable";
  const roleTo = account.role === "admin" ? "makeMember" : "makeAdmin";
  return (
    <>
      <Menu position="bottom-end" width={260} onClose={onMenuClose}>
        <Menu.Target>
          <ActionIcon ref={menuButton} variant="subtle" color="gray" aria-label={t("actionsOf", { name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey {...icon} />} onClick={password.open}>
            {t("setPassword")}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout {...icon} />} onClick={ending.open}>
            {t("endSessions")}
          </Menu.Item>
          {!isOwn && (
            <>
              <Menu.Item leftSection={<IconShield {...icon} />} onClick={promoting.open}>
                {t(roleTo)}
              </Menu.Item>
              <Menu.Item
                leftSection={account.disabled ? <IconUserCheck {...icon} /> : <IconUserOff {...icon} />}
                onClick={switching.open}
              >
                {t(switchTo)}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog account={account} isOpen={hasPassword} onClose={password.close} />
      <ConfirmDialog
        isOpen={isEnding}
        title={t("endSessionsTitle", { name })}
        text={t("endSessionsText")}
        action={t("endSessions")}
        mutation={endSessions}
        onConfirm={() => endSessions.mutate(about, { onSuccess: ending.close })}
        onClose={ending.close}
      />
      <ConfirmDialog
        isOpen={isSwitching}
        title={t(`${switchTo}Title`, { name })}
        text={t(`${switchTo}Text`)}
        action={t(switchTo)}
        mutation={change}
        onConfirm={() =>
          change.mutate({ ...about, body: { disabled: !account.disabled } }, { onSuccess: switching.close })
        }
        onClose={switching.close}
      />
      <ConfirmDialog
        isOpen={isPromoting}
        title={t("roleTitle", { name })}
        text={t(`${roleTo}Text`)}
        action={t(roleTo)}
        mutation={change}
        onConfirm={() =>
          change.mutate(
            { ...about, body: { role: account.role === "admin" ? "member" : "admin" } },
            { onSuccess: promoting.close },
          )
        }
        onClose={promoting.close}
      />
    </>
  );
}
