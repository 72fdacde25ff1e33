"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { ConnectionTest } from "@/features/connectionTest/ConnectionTest";
import { joinCode } from "@/lib/joinCode";

/** For guests the address ends in `#` and the code of the meeting that they are invited to. */
export default function ConnectionTestPage() {
  const t = useTranslations("connectionTest");
  const [code, setCode] = useState<string>();
  useEffect(() => setCode(joinCode(window.location.hash.slice(1))), []);
  return (
    <DoorPage title={t("title")} size={560}>
      <ConnectionTest joinCode={code} />
    </DoorPage>
  );
}
