"use client";

import { Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChalkboard,
  IconDotsVertical,
  IconHandStop,
  IconKeyboard,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconMaximize,
  IconPictureInPicture,
  IconSettings,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useMenuFocus } from "@/components/useMenuFocus";
import type { Reaction } from "../hands/reaction";
import { ReactionItems } from "../hands/ReactionItems";
import type { Pip } from "../pip/usePip";
import { BarButton } from "./BarButton";
import { SettingsDialog } from "./SettingsDialog";
import { Shortcuts } from "./Shortcuts";

const icon = { size: 16, "aria-hidden": true };

/** What is needed less often. On phones also what has no place in the bar. */
export function MoreMenu(props: {
  layout: "grid" | "speaker";
  onLayout: (layout: "grid" | "speaker") => void;
  /** Reactions, the hand and the whiteboard, where the bar has no place for them. */
  onReact?: (reaction: Reaction) => void;
  hand?: { isUp: boolean; toggle: () => void };
  onBoard?: () => void;
  pip: Pick<Pip, "toggle" | "isOpen">;
  children?: ReactNode;
}) {
  const t = useTranslations("controls");
  const [menuButton, onMenuClose] = useMenuFocus();
  const [hasKeys, keys] = useDisclosure();
  const [hasSettings, settings] = useDisclosure();
  const { layout, hand, pip } = props;
  const LayoutIcon = layout === "grid" ? IconLayoutSidebarRight : IconLayoutGrid;
  return (
    <>
      <Menu position="top" width={250} onClose={onMenuClose}>
        <Menu.Target>
          <BarButton ref={menuButton} label={t("more")} icon={IconDotsVertical} />
        </Menu.Target>
        <Menu.Dropdown>
          {props.onReact && <ReactionItems onReact={props.onReact} />}
          {hand && (
            <Menu.Item leftSection={<IconHandStop {...icon} />} onClick={hand.toggle}>
              {hand.isUp ? t("lowerHand") : t("raiseHand")}
            </Menu.Item>
          )}
          {props.onBoard && (
            <Menu.Item leftSection={<IconChalkboard {...icon} />} onClick={props.onBoard}>
              {t("whiteboard")}
            </Menu.Item>
          )}
          {props.children}
          <Menu.Item
            leftSection={<LayoutIcon {...icon} />}
            onClick={() => props.onLayout(layout === "grid" ? "speaker" : "grid")}
          >
            {layout === "grid" ? t("speakerLayout") : t("gridLayout")}
          </Menu.Item>
          {pip.toggle && (
            <Menu.Item leftSection={<IconPictureInPicture {...icon} />} onClick={pip.toggle}>
              {pip.isOpen ? t("endPip") : t("pip")}
            </Menu.Item>
          )}
          {document.fullscreenEnabled && (
            <Menu.Item leftSection={<IconMaximize {...icon} />} onClick={() => void toggleFullScreen()}>
              {t("fullScreen")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconSettings {...icon} />} onClick={settings.open}>
            {t("settings")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard {...icon} />} onClick={keys.open}>
            {t("shortcuts")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Shortcuts isOpen={hasKeys} onClose={keys.close} />
      <SettingsDialog isOpen={hasSettings} onClose={settings.close} />
    </>
  );
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
  } else {
    await document.documentElement.requestFullscreen();
  }
}
