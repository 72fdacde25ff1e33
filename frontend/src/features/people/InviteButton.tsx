"use client";

import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconLink } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

/** Copies the meeting's link, which is the page's own address. */
export function InviteButton() {
  const t = useTranslations("share");
  return (
    <CopyButton value={window.location.origin + window.location.pathname}>
      {({ copied, copy }) => (
        <Button
          fullWidth
          size="sm"
          mb="sm"
          variant="light"
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
          onClick={copy}
        >
          {copied ? t("copied") : t("copy")}
        </Button>
      )}
    </CopyButton>
  );
}
