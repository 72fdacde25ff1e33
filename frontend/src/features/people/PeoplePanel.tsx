"use client";

import { ScrollArea, Stack } from "@mantine/core";
import { useParticipants } from "@livekit/components-react";
import { useLocale, useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { inOrder, raisedHands } from "../hands/handOrder";
import { useLiveMeeting } from "../live/LiveMeeting";
import { HostTools } from "./HostTools";
import { InviteButton } from "./InviteButton";
import { Person } from "./Person";
import { RemovedPeople } from "./RemovedPeople";
import { useHostActions } from "./useHostActions";
import { WaitingPeople } from "./WaitingPeople";

/** Who is in the call, raised hands first; for hosts also who waits, who was removed, and what they can do. */
export function PeoplePanel() {
  const t = useTranslations("people");
  const { isHost } = useLiveMeeting();
  const participants = useParticipants();
  const people = inOrder(participants, useLocale());
  const hands = raisedHands(participants);
  const actions = useHostActions();
  return (
    <ScrollArea flex={1} px="sm" viewportProps={{ tabIndex: 0, "aria-label": t("inCall"), role: "region" }}>
      <InviteButton />
      {isHost && <WaitingPeople />}
      {isHost && <HostTools actions={actions} />}
      {actions.error ? <ErrorNotice error={actions.error} /> : null}
      <Stack gap="xs" component="ul" p={0} my="xs" style={{ listStyle: "none" }} aria-label={t("inCall")}>
        {people.map((participant) => (
          <li key={participant.identity}>
            <Person participant={participant} hand={hands.indexOf(participant) + 1} {...(isHost ? { actions } : {})} />
          </li>
        ))}
      </Stack>
      {isHost && <RemovedPeople />}
    </ScrollArea>
  );
}
