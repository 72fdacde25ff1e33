"use client";

import { ActionIcon, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { isTrackReference, useTracks } from "@livekit/components-react";
import { Track } from "livekit-client";
import { useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { gridColumns, stripTiles } from "./gridColumns";
import { Tile } from "./Tile";
import { tileId, useTileOrder } from "./useTileOrder";
import classes from "./Stage.module.css";

const sources = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
];

/** Who is seen: all on pages of tiles, or one large with the others beside. A shared screen or a pinned tile is large. */
export function Stage(props: {
  layout: "grid" | "speaker";
  isPhone: boolean;
  /** Takes the large place. */
  board?: ReactNode;
}) {
  const { layout, isPhone, board } = props;
  const tracks = useTracks(sources, { onlySubscribed: false });
  const [pinned, setPinned] = useState<string>();
  const isScreen = (track: (typeof tracks)[number]) =>
    isTrackReference(track) && track.source === Track.Source.ScreenShare;
  const speaker = tracks.find((track) => track.participant.isSpeaking && !track.participant.isLocal);
  const large = board
    ? undefined
    : (tracks.find((track) => tileId(track) === pinned) ??
      tracks.find(isScreen) ??
      (layout === "speaker" ? (speaker ?? tracks.find((track) => !track.participant.isLocal)) : undefined));
  const others = large ? tracks.filter((track) => track !== large) : tracks;
  const togglePin = (track: (typeof tracks)[number]) =>
    setPinned((now) => (now === tileId(track) ? undefined : tileId(track)));

  const isFocused = board !== undefined || large !== undefined;
  return (
    <div className={classes.stage} data-focus={isFocused}>
      {board && <div className={classes.large}>{board}</div>}
      {large && (
        <div className={classes.large}>
          <Tile track={large} isLarge isPinned={pinned === tileId(large)} onPin={() => togglePin(large)} />
        </div>
      )}
      {others.length > 0 && (
        <Pages
          tracks={others}
          perPage={isFocused ? (isPhone ? 3 : 5) : isPhone ? 6 : 16}
          isStrip={isFocused}
          isColumn={isFocused && !isPhone}
          onPin={togglePin}
        />
      )}
    </div>
  );
}

function Pages(props: {
  tracks: ReturnType<typeof useTracks<typeof sources>>;
  perPage: number;
  isStrip: boolean;
  /** A strip from top to bottom, which may be too low for as many. */
  isColumn: boolean;
  onPin: (track: ReturnType<typeof useTracks<typeof sources>>[number]) => void;
}) {
  const t = useTranslations("stage");
  const { ref, width, height } = useElementSize();
  const perPage = props.isColumn && height > 0 ? Math.min(props.perPage, stripTiles(height)) : props.perPage;
  const tracks = useTileOrder(props.tracks, perPage);
  const [wished, setWished] = useState(1);
  const count = Math.ceil(tracks.length / perPage);
  const page = Math.min(wished, count);
  const shown = tracks.slice((page - 1) * perPage, page * perPage);
  const columns = props.isStrip ? undefined : gridColumns(shown.length, width, height);
  return (
    <div className={props.isStrip ? classes.strip : classes.grid} ref={ref}>
      <ul
        className={classes.tiles}
        style={columns ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined}
        aria-label={t("people")}
      >
        {shown.map((track) => (
          <li key={tileId(track)}>
            <Tile track={track} isPinned={false} onPin={() => props.onPin(track)} />
          </li>
        ))}
      </ul>
      {count > 1 && (
        <nav className={classes.pages} aria-label={t("pages")}>
          <ActionIcon
            variant="filled"
            color="dark.5"
            aria-label={t("previous")}
            disabled={page === 1}
            onClick={() => setWished(page - 1)}
          >
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <Text size="sm" aria-live="polite">
            {t("page", { page, count })}
          </Text>
          <ActionIcon
            variant="filled"
            color="dark.5"
            aria-label={t("next")}
            disabled={page === count}
            onClick={() => setWished(page + 1)}
          >
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
        </nav>
      )}
    </div>
  );
}
