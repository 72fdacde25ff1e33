"use client";

import { Button, Loader, NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { IconPlayerRecord } from "@tabler/icons-react";
import { useParticipants } from "@livekit/components-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLiveMeeting } from "../live/LiveMeeting";
import { recordingRequest, type Kind } from "./recordingRequest";
import { useConfiguration } from "./useConfiguration";
import { startPath } from "./useOwnRecordings";

/** Which kind to record. What this server can't do is said here, before anybody tries. */
export function RecordingStart({ onStarted }: { onStarted: () => void }) {
  const t = useTranslations("recording");
  const { call, ownId } = useLiveMeeting();
  const configuration = useConfiguration();
  const people = useParticipants();
  const [wished, setWished] = useState<Kind>();
  const [person, setPerson] = useState(ownId);
  const start = query.useMutation("post", startPath, { gcTime: Infinity });
  if (!configuration) return <Loader aria-label={t("loading")} />;
  const { kinds } = configuration.recording;
  const kind = wished ?? kinds.find(({ offered }) => offered)?.kind;
  return (
    <Stack>
      {start.error && <ErrorNotice error={start.error} />}
      <Radio.Group label={t("what")} value={kind ?? ""}>
        <Stack gap="sm" mt="xs">
          {kinds.map((each) => (
            <Radio
              key={each.kind}
              value={each.kind}
              label={t(`kinds.${each.kind}`)}
              description={each.obstacle ?? t(`hints.${each.kind}`)}
              disabled={!each.offered}
              onChange={() => setWished(each.kind)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind === "participant" && (
        <NativeSelect
          label={t("whom")}
          value={person}
          data={people.map(({ identity, name }) => ({ value: identity, label: name || t("nameless") }))}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
      )}
      <Text size="sm" c="dimmed">
        {t("everyoneIsTold")}
      </Text>
      <Button
        color="red.8"
        leftSection={<IconPlayerRecord size={16} aria-hidden />}
        disabled={!kind}
        loading={start.isPending}
        onClick={() =>
          kind && start.mutate({ ...call, body: recordingRequest(kind, person) }, { onSuccess: onStarted })
        }
      >
        {t("start")}
      </Button>
    </Stack>
  );
}
