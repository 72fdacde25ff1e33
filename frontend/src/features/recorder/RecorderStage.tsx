"use client";

import { useElementSize } from "@mantine/hooks";
import { isTrackReference, useTracks } from "@livekit/components-react";
import { Track } from "livekit-client";
import dynamic from "next/dynamic";
import { useTranslations } from "use-intl";
import { gridColumns } from "../room/gridColumns";
import { Tile } from "../room/Tile";
import { tileId, useTileOrder } from "../room/useTileOrder";
import { setAssetPath } from "../whiteboard/assetPath";
import type { RecorderLayout } from "./recorderLayout";
import { useShownBoard } from "./useShownBoard";
import classes from "./Recorder.module.css";

const sources = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
];
/** As many as can be told apart in a recording. */
const mostTiles = 16;
const mostBeside = 5;

const RecorderBoard = dynamic(
  async () => {
    setAssetPath();
    return (await import("./RecorderBoard")).RecorderBoard;
  },
  { ssr: false },
);

/** Who and what is recorded: large is a shared screen, else the whiteboard while it is used, else whoever speaks if that is wanted. */
export function RecorderStage({ layout }: { layout: RecorderLayout }) {
  const t = useTranslations("stage");
  const tracks = useTracks(sources, { onlySubscribed: false }).filter(({ participant }) => !participant.isLocal);
  const board = useShownBoard();
  const screen = tracks.find((track) => isTrackReference(track) && track.source === Track.Source.ScreenShare);
  const speaker = tracks.find(({ participant }) => participant.isSpeaking) ?? tracks[0];
  const large = screen ?? (!board && layout === "speaker" ? speaker : undefined);
  const isFocused = large !== undefined || board !== undefined;
  const most = isFocused ? mostBeside : mostTiles;
  const others = useTileOrder(
    tracks.filter((track) => track !== large),
    most,
  ).slice(0, most);
  const { ref, width, height } = useElementSize();
  const columns = isFocused ? undefined : gridColumns(others.length, width, height);
  return (
    <main className={classes.stage} data-focus={isFocused}>
      {isFocused && (
        <div className={classes.large}>
          {large ? <Tile track={large} isLarge /> : board && <RecorderBoard elements={board} />}
        </div>
      )}
      <ul
        ref={ref}
        className={classes.tiles}
        style={columns ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined}
        aria-label={t("people")}
      >
        {others.map((track) => (
          <li key={tileId(track)}>
            <Tile track={track} />
          </li>
        ))}
      </ul>
    </main>
  );
}
