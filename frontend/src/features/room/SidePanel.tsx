"use client";

import { CloseButton, Group, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { JoinTicket } from "@/api/schema";
import { ChatPanel } from "./ChatPanel";
import { PeoplePanel } from "./PeoplePanel";
import { WaitingPeople } from "./WaitingPeople";
import classes from "./Room.module.css";

export type PanelName = "chat" | "people";

export function SidePanel(props: { name: PanelName; ticket: JoinTicket; canChat: boolean; onClose: () => void }) {
  const t = useTranslations("panels");
  return (
    <aside className={classes.panel} aria-label={t(`titles.${props.name}`)}>
      <Group justify="space-between" p="sm">
        <Title order={2} size="h5">
          {t(`titles.${props.name}`)}
        </Title>
        <CloseButton aria-label={t("close")} onClick={props.onClose} />
      </Group>
      {props.name === "people" && props.ticket.participant.role === "host" && <WaitingPeople ticket={props.ticket} />}
      {props.name === "chat" ? <ChatPanel canChat={props.canChat} /> : <PeoplePanel />}
    </aside>
  );
}
