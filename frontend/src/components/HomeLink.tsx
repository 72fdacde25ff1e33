"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "use-intl";

/** The way out of a page that leads nowhere. */
export function HomeLink() {
  const t = useTranslations("shell");
  return (
    <Button component={Link} href="/" variant="default">
      {t("home")}
    </Button>
  );
}
