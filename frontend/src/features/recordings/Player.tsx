"use client";

import { Modal } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { RecordingLink } from "@/api/schema";
import classes from "./Recording.module.css";

export function Player(props: { link: RecordingLink; isAudio: boolean; name: string; onClose: () => void }) {
  const dialogs = useTranslations("dialogs");
  const media = { src: props.link.url, controls: true, autoPlay: true, "aria-label": props.name };
  return (
    <Modal
      opened
      size={props.isAudio ? "md" : "xl"}
      onClose={props.onClose}
      title={props.name}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      {/* What was said is in the recording alone: there are no captions of it. */}
      {props.isAudio ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio {...media} style={{ width: "100%" }} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video {...media} className={classes.player} playsInline />
      )}
    </Modal>
  );
}
