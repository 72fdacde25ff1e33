"use client";

import { Stack, Switch } from "@mantine/core";
import { useTranslations } from "use-intl";
import { suppressesNoise, withNoiseSuppressed, type DeviceChoice } from "../devices/deviceChoice";
import { useBlurState } from "./blurState";

/** Whether the background is blurred and noise is taken out, before a call and in it. */
export function PictureAndSound(props: { choice: DeviceChoice; onChange: (part: Partial<DeviceChoice>) => void }) {
  const t = useTranslations("pictureAndSound");
  const state = useBlurState();
  const { choice, onChange } = props;
  const trouble = state === "slow" || state === "unsupported" || state === "failed" ? t(`blurTroubles.${state}`) : null;
  return (
    <Stack gap="sm">
      <Switch
        label={t("blur")}
        description={state === "starting" ? t("blurStarting") : undefined}
        error={trouble}
        checked={choice.blursBackground}
        onChange={(event) => onChange({ blursBackground: event.currentTarget.checked })}
      />
      <Switch
        label={t("noise")}
        description={t("noiseHint")}
        checked={suppressesNoise(choice)}
        onChange={(event) => onChange(withNoiseSuppressed(choice, event.currentTarget.checked))}
      />
    </Stack>
  );
}
