"use client";

import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconCrown,
  IconCrownOff,
  IconDots,
  IconHandOff,
  IconMicrophoneOff,
  IconScreenShareOff,
  IconUserX,
  IconVideoOff,
} from "@tabler/icons-react";
import type { Participant } from "livekit-client";
import { useTranslations } from "use-intl";
import { useMenuFocus } from "@/components/useMenuFocus";
import { RemoveDialog } from "./RemoveDialog";
import type { HostActions } from "./useHostActions";

/** What a host can do with one person. */
export function PersonMenu(props: {
  participant: Participant;
  name: string;
  state: { isMuted: boolean; isHidden: boolean; hasHand: boolean; isHost: boolean };
  actions: HostActions;
}) {
  const t = useTranslations("people");
  const { participant, name, state, actions } = props;
  const [isRemoving, removing] = useDisclosure();
  const [menuButton, onMenuClose] = useMenuFocus();
  const about = actions.about(participant.identity);
  const mute = (source: "microphone" | "camera" | "screen_share") =>
    actions.mute.mutate({ ...about, body: { source } });
  const icon = { size: 16, "aria-hidden": true };
  return (
    <>
      <Menu position="bottom-end" width={230} onClose={onMenuClose}>
        <Menu.Target>
          <ActionIcon ref={menuButton} variant="subtle" color="gray" aria-label={t("actionsOf", { name })}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {state.hasHand && (
            <Menu.Item leftSection={<IconHandOff {...icon} />} onClick={() => actions.lowerHand.mutate(about)}>
              {t("lowerHand")}
            </Menu.Item>
          )}
          {!participant.isLocal && (
            <>
              <Menu.Item
                leftSection={<IconMicrophoneOff {...icon} />}
                disabled={state.isMuted}
                onClick={() => mute("microphone")}
              >
                {t("mute")}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconVideoOff {...icon} />}
                disabled={state.isHidden}
                onClick={() => mute("camera")}
              >
                {t("stopCamera")}
              </Menu.Item>
              {participant.isScreenShareEnabled && (
                <Menu.Item leftSection={<IconScreenShareOff {...icon} />} onClick={() => mute("screen_share")}>
                  {t("stopSharing")}
                </Menu.Item>
              )}
            </>
          )}
          {state.isHost ? (
            <Menu.Item leftSection={<IconCrownOff {...icon} />} onClick={() => actions.dropHost.mutate(about)}>
              {t("dropHost")}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconCrown {...icon} />} onClick={() => actions.makeHost.mutate(about)}>
              {t("makeHost")}
            </Menu.Item>
          )}
          {!participant.isLocal && (
            <Menu.Item c="var(--mantine-color-error)" leftSection={<IconUserX {...icon} />} onClick={removing.open}>
              {t("remove")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <RemoveDialog about={about} name={name} isOpen={isRemoving} onClose={removing.close} />
    </>
  );
}
