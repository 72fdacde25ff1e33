"use client";

import { ActionIcon, Avatar, Text, Tooltip } from "@mantine/core";
import { IconMicrophoneOff, IconPin, IconPinnedOff, IconScreenShare, IconWifi0, IconWifi1 } from "@tabler/icons-react";
import {
  isTrackReference,
  useConnectionQualityIndicator,
  useIsSpeaking,
  useParticipantInfo,
  VideoTrack,
  type TrackReferenceOrPlaceholder,
} from "@livekit/components-react";
import { ConnectionQuality, Track } from "livekit-client";
import { useTranslations } from "use-intl";
import { useIsSourceMuted } from "./useIsSourceMuted";
import classes from "./Tile.module.css";

export interface TileProps {
  track: TrackReferenceOrPlaceholder;
  isLarge?: boolean;
  isPinned: boolean;
  onPin: () => void;
}

/** One person's camera, or the screen they share. */
export function Tile({ track, isLarge = false, isPinned, onPin }: TileProps) {
  const t = useTranslations("tile");
  const { participant } = track;
  const info = useParticipantInfo({ participant });
  const isScreen = track.source === Track.Source.ScreenShare;
  const isSpeaking = useIsSpeaking(participant);
  const isMuted = useIsSourceMuted(participant, Track.Source.Microphone);
  const isHidden = useIsSourceMuted(participant, track.source);
  const name = info.name || t("nameless");
  const hasPicture = isTrackReference(track) && !isHidden;
  return (
    <div
      className={classes.tile}
      data-speaking={isSpeaking && !isScreen}
      data-screen={isScreen}
      data-large={isLarge}
      data-mirrored={participant.isLocal && !isScreen}
    >
      {hasPicture ? (
        <VideoTrack trackRef={track} className={classes.picture ?? ""} aria-label={t("picture", { name })} />
      ) : (
        <Avatar size={isLarge ? 120 : 72} name={name} color="indigo" variant="filled" alt="" />
      )}
      <div className={classes.label}>
        {isScreen && <IconScreenShare size={16} aria-hidden />}
        {isMuted && !isScreen && <IconMicrophoneOff size={16} role="img" aria-label={t("muted")} />}
        <Text size="sm" truncate>
          {isScreen ? t("screen", { name }) : participant.isLocal ? t("you", { name }) : name}
        </Text>
        {!isScreen && <Quality track={track} />}
      </div>
      <Tooltip label={isPinned ? t("unpin") : t("pin")}>
        <ActionIcon
          className={classes.pin ?? ""}
          variant="filled"
          color="dark.5"
          aria-pressed={isPinned}
          aria-label={isPinned ? t("unpinName", { name }) : t("pinName", { name })}
          onClick={onPin}
        >
          {isPinned ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** Shown only when the connection is not good: nobody needs to be told that all is well. */
function Quality({ track }: { track: TrackReferenceOrPlaceholder }) {
  const t = useTranslations("tile");
  const { quality } = useConnectionQualityIndicator({ participant: track.participant });
  if (quality === ConnectionQuality.Poor) return <IconWifi1 size={16} role="img" aria-label={t("poor")} />;
  if (quality === ConnectionQuality.Lost) return <IconWifi0 size={16} role="img" aria-label={t("lost")} />;
  return null;
}
