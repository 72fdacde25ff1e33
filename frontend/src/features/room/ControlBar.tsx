"use client";

import { Indicator, Text } from "@mantine/core";
import { IconChalkboard, IconHandStop, IconMessage, IconUsers } from "@tabler/icons-react";
import { useParticipants } from "@livekit/components-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ReactionsButton } from "../hands/ReactionsButton";
import type { Reaction } from "../hands/reaction";
import type { useHand } from "../hands/useHand";
import { useLiveMeeting } from "../live/LiveMeeting";
import { useWaitingPeople } from "../people/useWaitingPeople";
import type { Pip } from "../pip/usePip";
import { BarButton } from "./BarButton";
import { LeaveButton } from "./LeaveButton";
import { MediaButtons } from "./MediaButtons";
import { MoreMenu } from "./MoreMenu";
import type { PanelName } from "./SidePanel";
import classes from "./Room.module.css";

export function ControlBar(props: {
  isPhone: boolean;
  panel: PanelName | undefined;
  unread: number;
  layout: "grid" | "speaker";
  hand: ReturnType<typeof useHand>;
  onReact: (reaction: Reaction) => void;
  onPanel: (panel: PanelName) => void;
  onLayout: (layout: "grid" | "speaker") => void;
  hasBoard: boolean;
  onBoard: () => void;
  pip: Pip;
  /** Further entries of the menu. */
  menu?: ReactNode;
}) {
  const t = useTranslations("controls");
  const { title, canChat, canDraw } = useLiveMeeting();
  const people = useParticipants().length;
  const waiting = useWaitingPeople().data?.items.length ?? 0;
  const { hand, isPhone } = props;
  const canReact = canChat || canDraw;
  return (
    <footer className={classes.bar}>
      <Text className={classes.clock ?? ""} size="sm">
        {title}
      </Text>
      <MediaButtons />
      {!isPhone && (
        <BarButton
          label={hand.isUp ? t("lowerHand") : t("raiseHand")}
          icon={IconHandStop}
          isOn={hand.isUp}
          isPressable
          onClick={hand.toggle}
        />
      )}
      {!isPhone && canReact && <ReactionsButton onReact={props.onReact} />}
      {!isPhone && (
        <BarButton
          label={t("whiteboard")}
          icon={IconChalkboard}
          isOn={props.hasBoard}
          isPressable
          onClick={props.onBoard}
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
      <Indicator label={waiting} size={18} disabled={waiting === 0} color="red.8" offset={4}>
        <BarButton
          label={waiting > 0 ? t("peopleWaiting", { count: people, waiting }) : t("people", { count: people })}
          icon={IconUsers}
          isOn={props.panel === "people"}
          isPressable
          onClick={() => props.onPanel("people")}
        />
      </Indicator>
      <MoreMenu
        pip={props.pip}
        layout={props.layout}
        onLayout={props.onLayout}
        {...(isPhone ? { hand, onBoard: props.onBoard } : {})}
        {...(isPhone && canReact ? { onReact: props.onReact } : {})}
      >
        {props.menu}
      </MoreMenu>
      <LeaveButton isSmall={isPhone} />
    </footer>
  );
}
