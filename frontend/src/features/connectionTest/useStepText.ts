"use client";

import { useTranslations } from "use-intl";
import type { StepResult } from "./steps";

/** A step's result in words. */
export function useStepText(): (result: StepResult) => string {
  const t = useTranslations("connectionTest");
  return (result) => {
    const { detail, milliseconds, kilobits, loss } = result;
    const figures = [
      kilobits !== undefined && result.status === "passed" ? t("figures.kilobits", { value: kilobits }) : "",
      loss !== undefined && loss > 0 ? t("figures.loss", { value: loss }) : "",
      milliseconds === undefined ? "" : t("figures.milliseconds", { value: milliseconds }),
    ].filter((figure) => figure !== "");
    const words = detail ? t(`details.${detail}`) : t(`states.${result.status}`);
    return figures.length === 0 ? words : `${words} ${figures.join(", ")}`;
  };
}
