"use client";

import { Anchor } from "@mantine/core";
import Link from "next/link";
import { useTranslations } from "use-intl";

/** To the connection test. The code goes along behind `#`, so that no server's log has it. */
export function ConnectionTestLink({ code }: { code: string }) {
  const t = useTranslations("join");
  return (
    <Anchor component={Link} href={`/connection-test#${code}`} prefetch={false} size="sm">
      {t("connectionTest")}
    </Anchor>
  );
}
