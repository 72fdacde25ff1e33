"use client";

import { ActionIcon, Tooltip, type ActionIconProps } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";

type BarButtonProps = ActionIconProps &
  Omit<ComponentPropsWithRef<"button">, "color" | "style"> & {
    label: string;
    icon: Icon;
    /** What it controls is off, and people should see that. */
    isOff?: boolean;
    isOn?: boolean;
    /** It stays pressed while what it opens is open. */
    isPressable?: boolean;
  };

/** A round button of the control bar; its name is its tooltip too. */
export function BarButton({ label, icon: Icon, isOff, isOn, isPressable, ...rest }: BarButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={46}
        radius="xl"
        variant="filled"
        color={isOff ? "red.8" : isOn ? "indigo.7" : "dark.5"}
        aria-label={label}
        {...(isPressable ? { "aria-pressed": isOn === true } : {})}
        {...rest}
      >
        <Icon size={22} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
