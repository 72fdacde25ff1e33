"use client";

import { ActionIcon, Group, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodSmile } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { BarButton } from "../room/BarButton";
import { reactionNames, reactions, type Reaction } from "./reaction";

export function ReactionsButton({ onReact }: { onReact: (reaction: Reaction) => void }) {
  const t = useTranslations("reactions");
  const [isOpen, popover] = useDisclosure();
  return (
    <Popover opened={isOpen} onChange={(open) => (open ? popover.open() : popover.close())} position="top" trapFocus>
      <Popover.Target>
        <BarButton label={t("title")} icon={IconMoodSmile} isOn={isOpen} onClick={popover.toggle} />
      </Popover.Target>
      <Popover.Dropdown aria-label={t("title")}>
        <Group gap={4} wrap="nowrap">
          {reactions.map((reaction) => (
            <ActionIcon
              key={reaction}
              size={40}
              variant="subtle"
              color="gray"
              fz={24}
              aria-label={t(reactionNames[reaction])}
              onClick={() => onReact(reaction)}
            >
              {reaction}
            </ActionIcon>
          ))}
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
