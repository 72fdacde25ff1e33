"use client";

import { useMediaQuery } from "@mantine/hooks";
import { useConnectionState } from "@livekit/components-react";
import { ConnectionState } from "livekit-client";
import { useCallback, useState, type ReactNode } from "react";
import type { JoinTicket } from "@/api/schema";
import { ControlBar } from "./ControlBar";
import { RoomNotices } from "./RoomNotices";
import { SidePanel, type PanelName } from "./SidePanel";
import { Stage } from "./Stage";
import { useShortcuts } from "./useShortcuts";
import { useUnread } from "./useUnread";
import classes from "./Room.module.css";

/** Everything inside of the room: the stage with its tiles, a panel beside it, and the bar with the controls. */
export function RoomContent(props: {
  ticket: JoinTicket;
  connection: NonNullable<JoinTicket["connection"]>;
  help: ReactNode;
}) {
  const { ticket, connection } = props;
  const [panel, setPanel] = useState<PanelName>();
  const [layout, setLayout] = useState<"grid" | "speaker">("grid");
  const isPhone = useMediaQuery("(width <= 48em)");
  const state = useConnectionState();
  const unread = useUnread(panel === "chat");
  const toggle = useCallback((name: PanelName) => setPanel((open) => (open === name ? undefined : name)), []);
  useShortcuts({ onPanel: toggle });

  return (
    <>
      <div className={classes.middle}>
        <main className={classes.stage}>
          <div className={classes.notices}>
            <RoomNotices isReconnecting={isAway(state)} />
            {props.help}
          </div>
          <Stage layout={layout} isPhone={isPhone === true} />
        </main>
        {panel && (
          <SidePanel name={panel} ticket={ticket} canChat={connection.canChat} onClose={() => setPanel(undefined)} />
        )}
      </div>
      <ControlBar
        ticket={ticket}
        connection={connection}
        panel={panel}
        unread={unread}
        layout={layout}
        onPanel={toggle}
        onLayout={setLayout}
      />
    </>
  );
}

function isAway(state: ConnectionState): boolean {
  return state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting;
}
