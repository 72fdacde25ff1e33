"use client";

import { useTranslations } from "use-intl";
import { duration } from "../join/duration";

/** Seconds in words: hours and minutes; seconds only of what is shorter than a minute. */
export function useDurationText(): (seconds: number) => string {
  const t = useTranslations("durations");
  return (total) => {
    const { hours, minutes, seconds } = duration(total);
    if (hours > 0) return t("hours", { hours, minutes });
    return minutes > 0 ? t("minutes", { minutes }) : t("seconds", { seconds });
  };
}
