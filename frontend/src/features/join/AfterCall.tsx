"use client";

import { Button, Group, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import Link from "next/link";
import type { ComponentProps } from "react";
import { useTranslations } from "use-intl";
import { DoorPage } from "@/components/DoorPage";
import { useSession } from "../session/useSession";
import { ConnectionTestLink } from "@/components/ConnectionTestLink";
import { duration } from "./duration";

const Feedback = dynamic(() => import("./Feedback").then((module) => module.Feedback), { ssr: false });

/** Why a call ended. */
export type LeaveReason = "left" | "ended" | "removed" | "duplicate" | "failed";

export interface CallEnd {
  reason: LeaveReason;
  title: string;
  seconds: number;
  /** What a call about the meeting carries. */
  call: ComponentProps<typeof Feedback>["call"];
}

export function AfterCall({ code, end, onRejoin }: { code: string; end: CallEnd; onRejoin: () => void }) {
  const t = useTranslations("after");
  const session = useSession();
  const isSignedIn = session.status === "signed-in";
  const { hours, minutes, seconds } = duration(end.seconds);
  return (
    <DoorPage title={t(`titles.${end.reason}`)}>
      <Text>{t("summary", { title: end.title, hours, minutes, seconds })}</Text>
      {end.reason !== "left" && (
        <Text c="dimmed">{t(`texts.${end.reason === "removed" && isSignedIn ? "removedAccount" : end.reason}`)}</Text>
      )}
      {end.reason === "failed" && <ConnectionTestLink code={code} />}
      {end.reason !== "removed" && <Feedback call={end.call} />}
      <Group>
        {end.reason !== "ended" && end.reason !== "removed" && <Button onClick={onRejoin}>{t("rejoin")}</Button>}
        {isSignedIn && (
          <Button variant="default" component={Link} href="/meetings">
            {t("meetings")}
          </Button>
        )}
      </Group>
    </DoorPage>
  );
}
