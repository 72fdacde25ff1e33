"use client";

import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconLock, IconPlayerRecordFilled, IconUserQuestion } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "use-intl";
import { query } from "@/api/client";
import { hasCode } from "@/api/problem";
import type { JoinTicket, MeetingPreview } from "@/api/schema";
import { DoorPage } from "@/components/DoorPage";
import { ErrorNotice } from "@/components/ErrorNotice";
import { PictureAndSound } from "../background/PictureAndSound";
import { useBlurredPreview } from "../background/useBlurredPreview";
import { suppressesNoise, useDeviceChoice } from "../devices/deviceChoice";
import { usePreviewTrack } from "../devices/usePreviewTrack";
import { useSession } from "../session/useSession";
import { ConnectionTestLink } from "@/components/ConnectionTestLink";
import { DeviceSelects } from "./DeviceSelects";
import { Preview } from "./Preview";
import { PreviewNotices } from "./PreviewNotices";

/** Before a meeting: how one is seen and heard, one's name, and the passcode where there is one. */
export function Door(props: { code: string; meeting: MeetingPreview; onTicket: (ticket: JoinTicket) => void }) {
  const t = useTranslations("join");
  const format = useFormatter();
  const { meeting } = props;
  const session = useSession();
  const [choice, change] = useDeviceChoice();
  const camera = usePreviewTrack("video", choice.usesCamera, choice.cameraId);
  const picture = useBlurredPreview(camera, choice.blursBackground);
  const microphone = usePreviewTrack("audio", choice.usesMicrophone, choice.microphoneId, suppressesNoise(choice));
  const join = query.useMutation("post", "/api/v1/join/{code}", { retry: false });
  const account = session.status === "signed-in" ? session.session.account : undefined;
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { displayName: choice.displayName || account?.displayName || "", passcode: "" },
    validate: {
      displayName: (name) => (name.trim() === "" ? t("nameMissing") : null),
    },
  });

  const submit = form.onSubmit(({ displayName, passcode }) => {
    change({ displayName });
    join.mutate(
      {
        params: { path: { code: props.code } },
        body: { displayName, ...(passcode === "" ? {} : { passcode }) },
      },
      { onSuccess: props.onTicket },
    );
  });

  if (meeting.state === "ended") {
    return (
      <DoorPage title={meeting.title}>
        <Alert color="gray" title={t("endedTitle")}>
          {t("ended")}
        </Alert>
      </DoorPage>
    );
  }

  const permitted = camera.status === "on" || microphone.status === "on";
  return (
    <DoorPage title={meeting.title} size={560}>
      {meeting.state === "scheduled" && meeting.scheduledStart && (
        <Text c="dimmed" size="sm">
          {t("scheduledFor", {
            time: format.dateTime(new Date(meeting.scheduledStart), {
              dateStyle: "full",
              timeStyle: "short",
            }),
          })}
        </Text>
      )}
      <Preview
        name={form.getValues().displayName}
        camera={picture}
        microphone={microphone}
        onCamera={(usesCamera) => change({ usesCamera })}
        onMicrophone={(usesMicrophone) => change({ usesMicrophone })}
      />
      <PreviewNotices camera={camera} microphone={microphone} />
      <form onSubmit={submit} noValidate>
        <Stack>
          {join.error && <ErrorNotice error={join.error} />}
          <TextInput
            label={t("name")}
            autoComplete="name"
            maxLength={64}
            key={form.key("displayName")}
            {...form.getInputProps("displayName")}
          />
          {(meeting.requiresPasscode || hasCode(join.error, "passcode_required")) && (
            <PasswordInput
              label={t("passcode")}
              autoComplete="off"
              description={account ? t("passcodeHosts") : undefined}
              visibilityToggleButtonProps={{
                "aria-label": t("showPasscode"),
                "aria-hidden": false,
                tabIndex: 0,
              }}
              key={form.key("passcode")}
              {...form.getInputProps("passcode")}
            />
          )}
          {meeting.recordingActive && (
            <Alert color="red" variant="light" icon={<IconPlayerRecordFilled aria-hidden />} title={t("recorded")}>
              <Text size="sm" c="var(--mantine-color-text)">
                {t("recordedHint")}
              </Text>
            </Alert>
          )}
          {meeting.locked && (
            <Alert color="gray" icon={<IconLock aria-hidden />}>
              {t("locked")}
            </Alert>
          )}
          {meeting.lobby !== "off" && (
            <Alert color="indigo" variant="light" icon={<IconUserQuestion aria-hidden />}>
              <Text size="sm" c="var(--mantine-color-text)">
                {t(`lobbies.${meeting.lobby}`)}
              </Text>
            </Alert>
          )}
          <Button type="submit" size="md" loading={join.isPending}>
            {t("submit")}
          </Button>
        </Stack>
      </form>
      <DeviceSelects choice={choice} permitted={permitted} onChange={change} />
      <PictureAndSound choice={choice} onChange={change} />
      <ConnectionTestLink code={props.code} />
    </DoorPage>
  );
}
