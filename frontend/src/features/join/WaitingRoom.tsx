"use client";

import { Button, Center, Group, Loader, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { JoinTicket } from "@/api/schema";
import { DoorPage } from "@/components/DoorPage";

/** Until a host lets them in. */
export function WaitingRoom(props: {
  ticket: JoinTicket;
  onAdmitted: (ticket: JoinTicket) => void;
  onLeave: () => void;
}) {
  const t = useTranslations("waiting");
  return (
    <DoorPage title={t("title")}>
      <Center>
        <Loader type="dots" aria-hidden />
      </Center>
      <Text role="status">{t("text", { title: props.ticket.meeting.title })}</Text>
      <Group>
        <Button variant="default" onClick={props.onLeave}>
          {t("leave")}
        </Button>
      </Group>
    </DoorPage>
  );
}
