"use client";

import {
  Button,
  Fieldset,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslations } from "use-intl";
import type { Meeting } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { change, draft, formValues } from "./meetingForm";
import { named, useChangeMeeting, useCreateMeeting } from "./useMeetings";

const audiences = ["everyone", "hosts", "nobody"] as const;

/** Makes a meeting, or changes `meeting`. */
export function MeetingDialog(props: { meeting?: Meeting; isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("meetingDialog");
  const dialogs = useTranslations("dialogs");
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      size="lg"
      title={props.meeting ? t("changeTitle") : t("createTitle")}
      closeButtonProps={{ "aria-label": dialogs("close") }}
    >
      <MeetingForm {...(props.meeting ? { meeting: props.meeting } : {})} onClose={props.onClose} />
    </Modal>
  );
}

function MeetingForm({ meeting, onClose }: { meeting?: Meeting; onClose: () => void }) {
  const t = useTranslations("meetingDialog");
  const dialogs = useTranslations("dialogs");
  const create = useCreateMeeting();
  const update = useChangeMeeting();
  const mutation = meeting ? update : create;
  const isPhone = useMediaQuery("(width <= 36em)") === true;
  const form = useForm({
    initialValues: formValues(meeting),
    validate: {
      title: (title) => (title.trim() === "" ? t("titleMissing") : null),
      start: (start, { kind }) => (kind === "scheduled" && start === "" ? t("startMissing") : null),
      end: (end, { start }) => (end !== "" && end <= start ? t("endTooEarly") : null),
      passcode: (passcode, { usesPasscode }) =>
        usesPasscode && passcode === "" && !meeting?.settings.requiresPasscode ? t("passcodeMissing") : null,
    },
  });
  const { values } = form;

  const submit = form.onSubmit(() => {
    if (meeting) {
      update.mutate({ ...named(meeting), body: change(values) }, { onSuccess: onClose });
    } else {
      create.mutate({ body: draft(values) }, { onSuccess: onClose });
    }
  });

  const audience = (name: "screenShare" | "chat" | "draw") => (
    <NativeSelect
      label={t(name)}
      data={audiences.map((value) => ({ value, label: t(`audiences.${value}`) }))}
      {...form.getInputProps(name)}
    />
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {mutation.error && <ErrorNotice error={mutation.error} />}
        <TextInput label={t("title")} maxLength={120} data-autofocus {...form.getInputProps("title")} />
        {!meeting && (
          <SegmentedControl
            aria-label={t("kind")}
            orientation={isPhone ? "vertical" : "horizontal"}
            fullWidth={isPhone}
            data={(["scheduled", "recurring", "instant"] as const).map((value) => ({
              value,
              label: t(`kinds.${value}`),
            }))}
            {...form.getInputProps("kind")}
          />
        )}
        {values.kind === "scheduled" && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput type="datetime-local" label={t("start")} {...form.getInputProps("start")} />
            <TextInput type="datetime-local" label={t("end")} {...form.getInputProps("end")} />
          </SimpleGrid>
        )}
        <Fieldset legend={t("door")}>
          <Stack gap="sm">
            <NativeSelect
              label={t("lobby")}
              data={(["off", "guests", "everyone"] as const).map((value) => ({
                value,
                label: t(`lobbies.${value}`),
              }))}
              {...form.getInputProps("lobby")}
            />
            <Switch label={t("usesPasscode")} {...form.getInputProps("usesPasscode", { type: "checkbox" })} />
            {values.usesPasscode && (
              <PasswordInput
                label={t("passcode")}
                autoComplete="off"
                visibilityToggleButtonProps={{
                  "aria-label": t("showPasscode"),
                  "aria-hidden": false,
                  tabIndex: 0,
                }}
                {...(meeting?.settings.requiresPasscode ? { description: t("passcodeStays") } : {})}
                {...form.getInputProps("passcode")}
              />
            )}
            <NumberInput
              label={t("capacity")}
              description={t("capacityHint")}
              min={2}
              max={10_000}
              allowDecimal={false}
              hideControls
              {...form.getInputProps("capacity")}
            />
            <Switch label={t("locked")} {...form.getInputProps("locked", { type: "checkbox" })} />
          </Stack>
        </Fieldset>
        <Fieldset legend={t("rights")}>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {audience("screenShare")}
            {audience("chat")}
            {audience("draw")}
            <NativeSelect
              label={t("record")}
              data={(["hosts", "nobody"] as const).map((value) => ({
                value,
                label: t(`audiences.${value}`),
              }))}
              {...form.getInputProps("record")}
            />
          </SimpleGrid>
        </Fieldset>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {dialogs("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {meeting ? t("save") : t("create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
