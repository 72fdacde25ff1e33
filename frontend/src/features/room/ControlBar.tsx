"use client";

import { Button, Group, Indicator, Menu, Modal, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDotsVertical,
  IconKeyboard,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconMaximize,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconScreenShare,
  IconScreenShareOff,
  IconUsers,
  IconVideo,
  IconVideoOff,
} from "@tabler/icons-react";
import { useLocalParticipant, useParticipants, useRoomContext } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import type { JoinTicket } from "@/api/schema";
import { BarButton } from "./BarButton";
import { shortcuts } from "./useShortcuts";
import type { PanelName } from "./SidePanel";
import classes from "./Room.module.css";

export function ControlBar(props: {
  ticket: JoinTicket;
  connection: NonNullable<JoinTicket["connection"]>;
  panel: PanelName | undefined;
  unread: number;
  layout: "grid" | "speaker";
  onPanel: (panel: PanelName) => void;
  onLayout: (layout: "grid" | "speaker") => void;
}) {
  const t = useTranslations("controls");
  const room = useRoomContext();
  const people = useParticipants().length;
  const { localParticipant, isMicrophoneEnabled, isCameraEnabled, isScreenShareEnabled } = useLocalParticipant();
  const sources = props.connection.canPublishSources;
  const canShare = sources.includes("screen_share") && "getDisplayMedia" in (navigator.mediaDevices ?? {});
  return (
    <footer className={classes.bar}>
      <Text className={classes.clock ?? ""} size="sm">
        {props.ticket.meeting.title}
      </Text>
      {sources.includes("microphone") && (
        <BarButton
          label={isMicrophoneEnabled ? t("mute") : t("unmute")}
          icon={isMicrophoneEnabled ? IconMicrophone : IconMicrophoneOff}
          isOff={!isMicrophoneEnabled}
          onClick={() => void localParticipant.setMicrophoneEnabled(!isMicrophoneEnabled)}
        />
      )}
      {sources.includes("camera") && (
        <BarButton
          label={isCameraEnabled ? t("stopCamera") : t("startCamera")}
          icon={isCameraEnabled ? IconVideo : IconVideoOff}
          isOff={!isCameraEnabled}
          onClick={() => void localParticipant.setCameraEnabled(!isCameraEnabled)}
        />
      )}
      {canShare && (
        <BarButton
          label={isScreenShareEnabled ? t("stopSharing") : t("shareScreen")}
          icon={isScreenShareEnabled ? IconScreenShareOff : IconScreenShare}
          isOn={isScreenShareEnabled}
          onClick={() =>
            // Whoever closes the browser's own dialog doesn't want to share: nothing went wrong.
            void localParticipant.setScreenShareEnabled(!isScreenShareEnabled, { audio: true }).catch(() => undefined)
          }
        />
      )}
      <Indicator label={props.unread} size={18} disabled={props.unread === 0} color="red.8" offset={4}>
        <BarButton
          label={props.unread > 0 ? t("chatUnread", { count: props.unread }) : t("chat")}
          icon={IconMessage}
          isOn={props.panel === "chat"}
          isPressable
          onClick={() => props.onPanel("chat")}
        />
      </Indicator>
      <BarButton
        label={t("people", { count: people })}
        icon={IconUsers}
        isOn={props.panel === "people"}
        isPressable
        onClick={() => props.onPanel("people")}
      />
      <MoreMenu layout={props.layout} onLayout={props.onLayout} />
      <Button
        color="red.8"
        size="md"
        radius="xl"
        leftSection={<IconPhoneOff size={20} aria-hidden />}
        onClick={() => void room.disconnect()}
      >
        {t("leave")}
      </Button>
    </footer>
  );
}

function MoreMenu({
  layout,
  onLayout,
}: {
  layout: "grid" | "speaker";
  onLayout: (layout: "grid" | "speaker") => void;
}) {
  const t = useTranslations("controls");
  const [hasKeys, keys] = useDisclosure();
  return (
    <>
      <Menu position="top" width={240}>
        <Menu.Target>
          <BarButton label={t("more")} icon={IconDotsVertical} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={
              layout === "grid" ? (
                <IconLayoutSidebarRight size={16} aria-hidden />
              ) : (
                <IconLayoutGrid size={16} aria-hidden />
              )
            }
            onClick={() => onLayout(layout === "grid" ? "speaker" : "grid")}
          >
            {layout === "grid" ? t("speakerLayout") : t("gridLayout")}
          </Menu.Item>
          {document.fullscreenEnabled && (
            <Menu.Item leftSection={<IconMaximize size={16} aria-hidden />} onClick={() => void toggleFullScreen()}>
              {t("fullScreen")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={keys.open}>
            {t("shortcuts")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Shortcuts isOpen={hasKeys} onClose={keys.close} />
    </>
  );
}

function Shortcuts({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
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
                  <kbd>{keys === "Space" ? t("space") : keys}</kbd>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
  } else {
    await document.documentElement.requestFullscreen();
  }
}
