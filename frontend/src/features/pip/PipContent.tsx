"use client";

import { MantineThemeProvider, type MantineThemeOverride } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useRoomContext, useTracks } from "@livekit/components-react";
import { Track } from "livekit-client";
import { createPortal } from "react-dom";
import { useTranslations } from "use-intl";
import { BarButton } from "../room/BarButton";
import { MediaButtons } from "../room/MediaButtons";
import { Tile } from "../room/Tile";
import classes from "./Pip.module.css";

/** Tooltips would appear in the page. */
const theme: MantineThemeOverride = { components: { Tooltip: { defaultProps: { disabled: true } } } };

/** The small window: who speaks, or the shared screen, and the buttons that one needs at once. */
export function PipContent({ body }: { body: HTMLElement }) {
  const t = useTranslations("controls");
  const room = useRoomContext();
  const tracks = useTracks(
    [
      { source: Track.Source.ScreenShare, withPlaceholder: false },
      { source: Track.Source.Camera, withPlaceholder: true },
    ],
    { onlySubscribed: false },
  );
  const others = tracks.filter(({ participant }) => !participant.isLocal);
  const track =
    others.find(({ source }) => source === Track.Source.ScreenShare) ??
    others.find(({ participant }) => participant.isSpeaking) ??
    others[0] ??
    tracks[0];
  return createPortal(
    <MantineThemeProvider theme={theme}>
      <main className={classes.window}>
        <div className={classes.picture}>{track && <Tile track={track} />}</div>
        <footer className={classes.bar}>
          <MediaButtons hasScreen={false} />
          <BarButton label={t("leave")} icon={IconPhoneOff} isOff onClick={() => void room.disconnect()} />
        </footer>
      </main>
    </MantineThemeProvider>,
    body,
  );
}
