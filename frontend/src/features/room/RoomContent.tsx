"use client";

import { Menu } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconPlayerRecord } from "@tabler/icons-react";
import { useLocalParticipant } from "@livekit/components-react";
import { useCallback, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Announcements } from "../announcements/Announcements";
import { useAnnouncements } from "../announcements/useAnnouncements";
import { ChatPanel } from "../chat/ChatPanel";
import { useMessages } from "../chat/useMessages";
import { useUnread } from "../chat/useUnread";
import { ReactionsShown } from "../hands/ReactionsShown";
import { useHand } from "../hands/useHand";
import { useReactions } from "../hands/useReactions";
import { useLiveMeeting } from "../live/LiveMeeting";
import { PipContent } from "../pip/PipContent";
import { usePip } from "../pip/usePip";
import { PeoplePanel } from "../people/PeoplePanel";
import { FailedRecording } from "../recordings/FailedRecording";
import { RecordingDialog } from "../recordings/RecordingDialog";
import { RecordingNotice } from "../recordings/RecordingNotice";
import { useRecordingNews } from "../recordings/useRecordingNews";
import { useRecordingsNow } from "../recordings/useRecordingsNow";
import { Whiteboard } from "../whiteboard/Whiteboard";
import { ControlBar } from "./ControlBar";
import { RoomNotices } from "./RoomNotices";
import { SidePanel, type PanelName } from "./SidePanel";
import { Stage } from "./Stage";
import { useShortcuts } from "./useShortcuts";
import classes from "./Room.module.css";

/** Everything inside of the room: the stage with its tiles, a panel beside it, and the bar with the controls. */
export function RoomContent(props: { knewOfRecording: boolean; onRejoin: () => void }) {
  const { knewOfRecording, onRejoin } = props;
  const t = useTranslations("controls");
  const { ownId, canRecord } = useLiveMeeting();
  const [panel, setPanel] = useState<PanelName>();
  const [layout, setLayout] = useState<"grid" | "speaker">("grid");
  const [hasBoard, setHasBoard] = useState(false);
  const isPhone = useMediaQuery("(width <= 48em)") === true;
  const messages = useMessages();
  const unread = useUnread(messages.log, ownId, panel === "chat");
  const { shown, announce } = useAnnouncements(panel === "chat");
  const recordings = useRecordingsNow();
  const isRecorded = recordings.active.length > 0;
  const [hasRecordings, recordingDialog] = useDisclosure();
  useRecordingNews(recordings, announce);
  const { localParticipant } = useLocalParticipant();
  const reactions = useReactions(localParticipant.name ?? "");
  const hand = useHand();
  const pip = usePip(largeVideo);
  const toggle = useCallback((name: PanelName) => setPanel((open) => (open === name ? undefined : name)), []);
  useShortcuts({ onPanel: toggle, onHand: hand.toggle });

  return (
    <>
      <div className={classes.middle}>
        <main className={classes.stage} data-lowered={hasBoard && isRecorded}>
          <div className={classes.notices}>
            <RecordingNotice active={recordings.active} knew={knewOfRecording} />
            <RoomNotices onRejoin={onRejoin} />
            {hand.error && <ErrorNotice error={hand.error} />}
            {recordings.isLoaded && <FailedRecording last={recordings.last} />}
            <Announcements shown={shown} />
          </div>
          <Stage layout={layout} isPhone={isPhone} {...(hasBoard ? { board: <Whiteboard /> } : {})} />
          <ReactionsShown reactions={reactions.shown} />
        </main>
        {panel && (
          <SidePanel name={panel} onClose={() => setPanel(undefined)}>
            {panel === "chat" ? <ChatPanel messages={messages} /> : <PeoplePanel />}
          </SidePanel>
        )}
      </div>
      <ControlBar
        isPhone={isPhone}
        panel={panel}
        unread={unread}
        layout={layout}
        hand={hand}
        onReact={reactions.react}
        onPanel={toggle}
        onLayout={setLayout}
        hasBoard={hasBoard}
        onBoard={() => setHasBoard((isOpen) => !isOpen)}
        pip={pip}
        menu={
          canRecord && (
            <Menu.Item leftSection={<IconPlayerRecord size={16} aria-hidden />} onClick={recordingDialog.open}>
              {t("record")}
            </Menu.Item>
          )
        }
      />
      {pip.body && <PipContent body={pip.body} />}
      <RecordingDialog {...recordings} isOpen={hasRecordings} onClose={recordingDialog.close} />
    </>
  );
}

/** Someone else's video that stands first on the stage, else one's own. */
function largeVideo(): HTMLVideoElement | null {
  const others = document.querySelector<HTMLVideoElement>("main video[data-lk-local-participant=false]");
  return others ?? document.querySelector<HTMLVideoElement>("main video");
}
