"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { ShownReaction } from "./useReactions";
import classes from "./Reactions.module.css";

/** Reactions of the last seconds, over the stage. */
export function ReactionsShown({ reactions }: { reactions: ShownReaction[] }) {
  const t = useTranslations("reactions");
  return (
    <div className={classes.reactions} role="log" aria-label={t("log")}>
      {reactions.map(({ id, emoji, name }) => (
        <div key={id} className={classes.reaction}>
          <span className={classes.emoji}>{emoji}</span>
          <Text size="sm" maw={160} truncate>
            {name || t("nameless")}
          </Text>
        </div>
      ))}
    </div>
  );
}
