"use client";

import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPhoneOff } from "@tabler/icons-react";
import { useRoomContext } from "@livekit/components-react";
import { useTranslations } from "use-intl";
import { useMenuFocus } from "@/components/useMenuFocus";
import { query } from "@/api/client";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useLiveMeeting } from "../live/LiveMeeting";
import { BarButton } from "./BarButton";

/** Leaves; hosts choose whether the others go on. */
export function LeaveButton({ isSmall }: { isSmall: boolean }) {
  const t = useTranslations("controls");
  const meetings = useTranslations("meetings");
  const room = useRoomContext();
  const { isHost, title, call } = useLiveMeeting();
  const [isEnding, ending] = useDisclosure();
  const end = query.useMutation("post", "/api/v1/meetings/{meeting_id}/end");
  const [menuButton, onMenuClose] = useMenuFocus();
  const leave = () => void room.disconnect();
  const onClick = isHost ? {} : { onClick: leave };
  const button = isSmall ? (
    <BarButton ref={menuButton} label={t("leave")} icon={IconPhoneOff} isOff {...onClick} />
  ) : (
    <Button
      ref={menuButton}
      color="red.8"
      size="md"
      radius="xl"
      leftSection={<IconPhoneOff size={20} aria-hidden />}
      {...onClick}
    >
      {t("leave")}
    </Button>
  );
  if (!isHost) return button;
  return (
    <>
      <Menu position="top-end" onClose={onMenuClose}>
        <Menu.Target>{button}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={leave}>{t("leaveAlone")}</Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={ending.open}>
            {meetings("end")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        isOpen={isEnding}
        title={meetings("endTitle", { title })}
        text={meetings("endText")}
        action={meetings("end")}
        mutation={end}
        onConfirm={() => end.mutate(call, { onSuccess: ending.close })}
        onClose={ending.close}
      />
    </>
  );
}
