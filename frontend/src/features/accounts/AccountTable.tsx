"use client";

import { Badge, Group, Table, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Account } from "@/api/schema";
import { PagedList } from "@/components/PagedList";
import { AccountMenu } from "./AccountMenu";
import { useAccounts } from "./useAccounts";

export function AccountTable({ ownId }: { ownId: string }) {
  const t = useTranslations("accounts");
  return (
    <PagedList pages={useAccounts()} texts={{ loading: t("loading"), more: t("more") }}>
      {(accounts) => (
        <Table.ScrollContainer minWidth={340}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("name")}</Table.Th>
                <Table.Th>{t("role")}</Table.Th>
                <Table.Th w={80}>{t("actions")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {accounts.map((account) => (
                <AccountRow key={account.id} account={account} isOwn={account.id === ownId} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </PagedList>
  );
}

function AccountRow({ account, isOwn }: { account: Account; isOwn: boolean }) {
  const t = useTranslations("accounts");
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {account.displayName}
        </Text>
        <Text size="sm" c="dimmed">
          {account.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Badge color={account.role === "admin" ? "indigo" : "gray"} variant="light" autoContrast miw="max-content">
            {t(`roles.${account.role}`)}
          </Badge>
          {account.disabled && (
            <Badge color="red" variant="light">
              {t("disabled")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <AccountMenu account={account} isOwn={isOwn} />
      </Table.Td>
    </Table.Tr>
  );
}
