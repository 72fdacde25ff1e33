"use client";

import { Center, Loader, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { asParticipant, query } from "@/api/client";
import { ProblemError } from "@/api/problem";
import type { JoinTicket } from "@/api/schema";
import { DoorPage } from "@/components/DoorPage";
import { ErrorNotice } from "@/components/ErrorNotice";
import { HomeLink } from "@/components/HomeLink";
import { useSession } from "../session/useSession";
import { AfterCall, type CallEnd } from "./AfterCall";
import { Door } from "./Door";
import { WaitingRoom } from "./WaitingRoom";

/** LiveKit's library and the room's pieces are loaded when someone joins, not before. */
const Room = dynamic(() => import("../room/Room").then((module) => module.Room), {
  ssr: false,
  loading: () => <RoomLoading />,
});

type Phase =
  | { name: "door" }
  | { name: "waiting"; ticket: JoinTicket }
  | { name: "room"; ticket: JoinTicket; connection: NonNullable<JoinTicket["connection"]>; since: number }
  | { name: "after"; end: CallEnd };

/** From the link to the room and out again. */
export function JoinFlow({ code }: { code: string }) {
  const t = useTranslations("join");
  const [phase, setPhase] = useState<Phase>({ name: "door" });
  const session = useSession();
  const preview = query.useQuery("get", "/api/v1/join/{code}", { params: { path: { code } } });

  const enter = (ticket: JoinTicket) =>
    setPhase(
      ticket.connection
        ? { name: "room", ticket, connection: ticket.connection, since: Date.now() }
        : { name: "waiting", ticket },
    );

  switch (phase.name) {
    case "door":
      // Who is signed in finds their name filled in.
      if (preview.isPending || session.status === "loading") {
        return (
          <Center mih="100dvh">
            <Loader aria-label={t("loading")} />
          </Center>
        );
      }
      if (preview.error) return <NoMeeting error={preview.error} onRetry={() => void preview.refetch()} />;
      return <Door code={code} meeting={preview.data} onTicket={enter} />;
    case "waiting":
      return <WaitingRoom ticket={phase.ticket} onAdmitted={enter} onLeave={() => setPhase({ name: "door" })} />;
    case "room":
      return (
        <Room
          ticket={phase.ticket}
          connection={phase.connection}
          onRejoin={() => setPhase({ name: "door" })}
          onLeft={(reason) =>
            setPhase({
              name: "after",
              end: {
                reason,
                title: phase.ticket.meeting.title,
                call: {
                  params: { path: { meeting_id: phase.ticket.meeting.id } },
                  ...asParticipant(phase.ticket.participantKey.key),
                },
                seconds: (Date.now() - phase.since) / 1000,
              },
            })
          }
        />
      );
    case "after":
      return <AfterCall code={code} end={phase.end} onRejoin={() => setPhase({ name: "door" })} />;
  }
}

/** There is none, or it can't be asked for now. */
function NoMeeting({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations("join");
  if (error instanceof ProblemError && error.status === 404) {
    return (
      <DoorPage title={t("notFound")}>
        <Text>{t("unknownLink")}</Text>
        <HomeLink />
      </DoorPage>
    );
  }
  return (
    <DoorPage title={t("notNow")}>
      <ErrorNotice error={error} onRetry={onRetry} />
    </DoorPage>
  );
}

function RoomLoading() {
  const t = useTranslations("join");
  return (
    <Center mih="100dvh" bg="var(--room-background)">
      <Loader color="gray.4" aria-label={t("loading")} />
    </Center>
  );
}
