"use client";

import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarPlus, IconVideo } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { MeetingDialog } from "@/features/meetings/MeetingDialog";
import { MeetingList } from "@/features/meetings/MeetingList";
import { useCreateMeeting } from "@/features/meetings/useMeetings";
import { Shell } from "@/features/shell/Shell";

export default function MeetingsPage() {
  const t = useTranslations("meetings");
  return (
    <Shell title={t("title")} renderActions={(session) => <NewMeeting name={session.account.displayName} />}>
      {() => <MeetingList />}
    </Shell>
  );
}

function NewMeeting({ name }: { name: string }) {
  const t = useTranslations("meetings");
  const router = useRouter();
  const create = useCreateMeeting();
  const [isOpen, dialog] = useDisclosure();
  const startNow = () =>
    create.mutate(
      { body: { title: t("instantTitle", { name }), kind: "instant" } },
      { onSuccess: (meeting) => router.push(`/join/${meeting.joinCode}`) },
    );
  return (
    <>
      <Group gap="xs">
        <Button leftSection={<IconVideo size={18} aria-hidden />} loading={create.isPending} onClick={startNow}>
          {t("startNow")}
        </Button>
        <Button variant="default" leftSection={<IconCalendarPlus size={18} aria-hidden />} onClick={dialog.open}>
          {t("schedule")}
        </Button>
      </Group>
      {create.error && <ErrorNotice error={create.error} />}
      <MeetingDialog isOpen={isOpen} onClose={dialog.close} />
    </>
  );
}
