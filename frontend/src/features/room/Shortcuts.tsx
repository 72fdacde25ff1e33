"use client";

import { Group, Kbd, Modal, Table } from "@mantine/core";
import { useTranslations } from "use-intl";
import { shortcuts } from "./useShortcuts";

/** The keys of the room. */
export function Shortcuts({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("controls");
  const dialogs = useTranslations("dialogs");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("shortcuts")}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <Table>
        <Table.Tbody>
          {shortcuts.map(({ keys, action }) => (
            <Table.Tr key={action}>
              <Table.Th scope="row">{t(`keys.${action}`)}</Table.Th>
              <Table.Td>
                <Group justify="flex-end">
                  <Kbd size="md">{keys === "Space" ? t("space") : keys}</Kbd>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
