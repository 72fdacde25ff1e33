"use client";

import { Button, Center, Group, Loader, Text } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { useTranslations } from "use-intl";
import { api, asParticipant, query } from "@/api/client";
import type { JoinTicket } from "@/api/schema";
import { DoorPage } from "@/components/DoorPage";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useMeetingEvents } from "../events/useMeetingEvents";

/** Until a host lets them in, turns them away, or nobody answers. */
export function WaitingRoom(props: {
  ticket: JoinTicket;
  onAdmitted: (ticket: JoinTicket) => void;
  onLeave: () => void;
}) {
  const t = useTranslations("waiting");
  const { ticket } = props;
  const { key } = ticket.participantKey;
  const own = { params: { path: { meeting_id: ticket.meeting.id } }, ...asParticipant(key) };
  // Events bring the answer at once; asking now and then finds one whose event was lost.
  const { data, error, refetch } = query.useQuery("get", "/api/v1/meetings/{meeting_id}/participants/me", own, {
    refetchInterval: 10_000,
  });
  useMeetingEvents(ticket.meeting.id, key, () => void refetch());

  const connection = data?.connection;
  const enter = useEffectEvent((admission: NonNullable<JoinTicket["connection"]>) =>
    props.onAdmitted({ ...ticket, status: "admitted", connection: admission }),
  );
  useEffect(() => {
    if (connection) enter(connection);
  }, [connection]);

  const leave = () => {
    // Whoever closes the door behind them needs no answer; the knock ends by itself otherwise.
    void api.DELETE("/api/v1/meetings/{meeting_id}/participants/me", own).catch(() => undefined);
    props.onLeave();
  };

  const status = data?.participant.status ?? "waiting";
  if (status !== "waiting" && status !== "admitted") {
    return (
      <DoorPage title={ticket.meeting.title}>
        <Text role="status">{status === "unanswered" ? t("unanswered") : t("denied")}</Text>
        <Group>
          <Button onClick={props.onLeave}>{t("again")}</Button>
        </Group>
      </DoorPage>
    );
  }
  return (
    <DoorPage title={t("title")}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <Center>
        <Loader type="dots" aria-hidden />
      </Center>
      <Text role="status">{t("text", { title: ticket.meeting.title })}</Text>
      <Group>
        <Button variant="default" onClick={leave}>
          {t("leave")}
        </Button>
      </Group>
    </DoorPage>
  );
}
