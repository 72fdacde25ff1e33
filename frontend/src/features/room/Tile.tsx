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
  isPinned?: boolean;
  /** Without it there is nothing to pin it in. */
  onPin?: () => void;
}

/** One person's camera, or the screen they share. */
export function Tile({ track, isLarge = false, isPinned = false, onPin }: TileProps) {
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
        <Avatar size="clamp(48px, 30cqmin, 180px)" name={name} color="indigo" variant="filled" />
      )}
      <div className={classes.label}>
        {isScreen && <IconScreenShare size={16} aria-hidden />}
        {isMuted && !isScreen && <IconMicrophoneOff size={16} role="img" aria-label={t("muted")} />}
        <Text size="sm" truncate>
          {isScreen ? t("screen", { name }) : participant.isLocal ? t("you", { name }) : name}
        </Text>
        {!isScreen && <Quality track={track} name={name} />}
      </div>
      {onPin && (
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
      )}
    </div>
  );
}

/** Shown only when the connection is not good: nobody needs to be told that all is well. */
function Quality({ track, name }: { track: TrackReferenceOrPlaceholder; name: string }) {
  const t = useTranslations("tile");
  const { quality } = useConnectionQualityIndicator({ participant: track.participant });
  const isPoor = quality === ConnectionQuality.Poor;
  if (!isPoor && quality !== ConnectionQuality.Lost) return null;
  const Icon = isPoor ? IconWifi1 : IconWifi0;
  const [own, other] = isPoor ? (["poor", "poorOther"] as const) : (["lost", "lostOther"] as const);
  const label = track.participant.isLocal ? t(own) : t(other, { name });
  return (
    <Tooltip label={label}>
      <Icon size={16} role="img" aria-label={label} />
    </Tooltip>
  );
}
