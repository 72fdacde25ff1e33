"use client";

import { Center, Group, Loader, Modal, Progress, Rating, Stack, Table, Text, Title } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import type { Meeting, MeetingAnalytics, ParticipantFigures } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { PagedList } from "@/components/PagedList";
import { Figures } from "./Figures";
import { FileLink } from "./FileLink";
import { meetingAnalyticsFile, useMeetingAnalytics, useParticipantFigures } from "./useAnalytics";
import { useDurationText } from "./useDurationText";

/** How one meeting went: sums, stars and comments, and how long each was there. */
export function MeetingFiguresDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const t = useTranslations("analytics");
  const dialogs = useTranslations("dialogs");
  const { data, error, refetch } = useMeetingAnalytics(meeting.id);
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("titleOf", { title: meeting.title })}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <Stack>
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {!data && !error && (
          <Center py="xl">
            <Loader aria-label={t("loading")} />
          </Center>
        )}
        {data && data.totals.participants + data.totals.neverConnected === 0 && <Text>{t("nobodyYet")}</Text>}
        {data && data.totals.participants + data.totals.neverConnected > 0 && (
          <>
            <Figures sums={data.totals} />
            {data.totals.ratings > 0 && <Ratings analytics={data} />}
            <People id={meeting.id} />
            <Group>
              <FileLink href={meetingAnalyticsFile(meeting.id)} />
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function Ratings({ analytics }: { analytics: MeetingAnalytics }) {
  const t = useTranslations("analytics");
  const feedback = useTranslations("feedback");
  const { stars, comments, totals } = analytics;
  return (
    <section aria-label={t("figures.rating")}>
      <Title order={3} size="h5" mb="xs">
        {t("figures.rating")}
      </Title>
      <Stack gap={4}>
        {stars
          .map((count, index) => ({ count, value: index + 1 }))
          .toReversed()
          .map(({ count, value }) => (
            <Group key={value} gap="xs" wrap="nowrap">
              <Text size="sm" w={80}>
                {feedback("stars", { count: value })}
              </Text>
              <Progress value={(100 * count) / totals.ratings} flex={1} aria-hidden />
              <Text size="sm" w={40} ta="right">
                {count}
              </Text>
            </Group>
          ))}
      </Stack>
      <Stack gap="xs" mt="sm" component="ul" p={0} style={{ listStyle: "none" }} aria-label={t("comments")}>
        {comments.map((comment) => (
          <li key={comment.givenAt}>
            <Rating
              value={comment.rating}
              readOnly
              size="xs"
              aria-label={feedback("stars", { count: comment.rating })}
            />
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {comment.text}
            </Text>
          </li>
        ))}
      </Stack>
    </section>
  );
}

function People({ id }: { id: string }) {
  const t = useTranslations("analytics");
  return (
    <section aria-label={t("people")}>
      <Title order={3} size="h5" mb="xs">
        {t("people")}
      </Title>
      <PagedList pages={useParticipantFigures(id)} texts={{ loading: t("loading"), more: t("more") }}>
        {(people) => <PeopleTable people={people} />}
      </PagedList>
    </section>
  );
}

function PeopleTable({ people }: { people: ParticipantFigures[] }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const durationText = useDurationText();
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("columns.name")}</Table.Th>
            <Table.Th scope="col">{t("columns.came")}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t("columns.stayed")}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t("columns.connections")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <Table.Tr key={person.id}>
              <Table.Th scope="row">{person.displayName}</Table.Th>
              <Table.Td>
                {format.dateTime(new Date(person.joinedAt), { dateStyle: "medium", timeStyle: "short" })}
              </Table.Td>
              <Table.Td ta="right">{durationText(person.seconds)}</Table.Td>
              <Table.Td ta="right">
                {person.abortedConnections > 0
                  ? t("connectionsAborted", { count: person.connections, aborted: person.abortedConnections })
                  : format.number(person.connections)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
