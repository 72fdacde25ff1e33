"use client";

import { Group, Menu } from "@mantine/core";
import { useTranslations } from "use-intl";
import { reactionNames, reactions, type Reaction } from "./reaction";

/** Reactions as entries of a menu, beside each other. */
export function ReactionItems({ onReact }: { onReact: (reaction: Reaction) => void }) {
  const t = useTranslations("reactions");
  return (
    <Group gap={0} wrap="nowrap" grow preventGrowOverflow={false}>
      {reactions.map((reaction) => (
        <Menu.Item
          key={reaction}
          px={0}
          ta="center"
          fz={22}
          aria-label={t(reactionNames[reaction])}
          onClick={() => onReact(reaction)}
        >
          {reaction}
        </Menu.Item>
      ))}
    </Group>
  );
}
