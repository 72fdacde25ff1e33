"use client";

import { Anchor } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "use-intl";

/** To the connection test. A meeting's code, which lets guests test, goes along behind `#`, so that no server's log has it. */
export function ConnectionTestLink({ code }: { code: string | undefined }) {
  const t = useTranslations("join");
  return (
    <Anchor component={Link} href={`/connection-test${code ? `#${code}` : ""}`} prefetch={false} size="sm">
      {t("connectionTest")}
    </Anchor>
  );
}
