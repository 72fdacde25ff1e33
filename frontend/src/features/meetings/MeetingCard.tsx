"use client";

import { ActionIcon, Badge, Button, Card, CopyButton, Group, Menu, Stack, Text, Title, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChartBar,
  IconCheck,
  IconCopy,
  IconDots,
  IconLock,
  IconPlayerStop,
  IconQrcode,
  IconSettings,
  IconTrash,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useFormatter, useTranslations } from "use-intl";
import type { Meeting } from "@/api/schema";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useMenuFocus } from "@/components/useMenuFocus";
import { MeetingDialog } from "./MeetingDialog";
import { ShareDialog } from "./ShareDialog";
import { named, useDeleteMeeting, useEndMeeting } from "./useMeetings";

const MeetingFiguresDialog = dynamic(
  () => import("../analytics/MeetingFigures").then((module) => module.MeetingFiguresDialog),
  { ssr: false },
);

const colours = { live: "green", scheduled: "indigo", ended: "gray" } as const;

export function MeetingCard({ meeting }: { meeting: Meeting }) {
  const t = useTranslations("meetings");
  const isOver = meeting.state === "ended";
  return (
    <Card withBorder h="100%" component="article" aria-labelledby={`title-${meeting.id}`}>
      <Stack h="100%" justify="space-between">
        <div>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Title order={2} size="h4" id={`title-${meeting.id}`} lineClamp={2}>
              {meeting.title}
            </Title>
            <MeetingMenu meeting={meeting} />
          </Group>
          <Group gap="xs" mt={4}>
            <Badge color={colours[meeting.state]} variant="light" autoContrast>
              {t(`states.${meeting.state}`)}
            </Badge>
            {meeting.settings.locked && (
              <Badge color="gray" variant="light" leftSection={<IconLock size={12} aria-hidden />}>
                {t("locked")}
              </Badge>
            )}
          </Group>
          <MeetingTime meeting={meeting} />
        </div>
        {!isOver && (
          <Group grow>
            <Button component={Link} href={`/join/${meeting.joinCode}`}>
              {meeting.state === "live" ? t("join") : t("start")}
            </Button>
            <CopyButton value={meeting.joinUrl}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                >
                  {copied ? t("copied") : t("copyLink")}
                </Button>
              )}
            </CopyButton>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function MeetingTime({ meeting }: { meeting: Meeting }) {
  const t = useTranslations("meetings");
  const format = useFormatter();
  const show = (time: string) => format.dateTime(new Date(time), { dateStyle: "medium", timeStyle: "short" });
  const text =
    meeting.state === "ended" && meeting.endedAt
      ? t("endedAt", { time: show(meeting.endedAt) })
      : meeting.scheduledStart
        ? show(meeting.scheduledStart)
        : t(`kinds.${meeting.kind}`);
  return (
    <Text c="dimmed" size="sm" mt="xs">
      {text}
    </Text>
  );
}

function MeetingMenu({ meeting }: { meeting: Meeting }) {
  const t = useTranslations("meetings");
  const [isSharing, sharing] = useDisclosure();
  const [isChanging, changing] = useDisclosure();
  const [isEnding, ending] = useDisclosure();
  const [isDeleting, deleting] = useDisclosure();
  const [hasFigures, figures] = useDisclosure();
  const [menuButton, onMenuClose] = useMenuFocus();
  const endFigures = () => {
    figures.close();
    onMenuClose();
  };
  const end = useEndMeeting();
  const remove = useDeleteMeeting();
  const isOver = meeting.state === "ended";
  return (
    <>
      <Menu position="bottom-end" onClose={onMenuClose}>
        <Menu.Target>
          <Tooltip label={t("actions")}>
            <ActionIcon
              ref={menuButton}
              variant="subtle"
              color="gray"
              aria-label={t("actionsOf", { title: meeting.title })}
            >
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {!isOver && (
            <>
              <Menu.Item leftSection={<IconQrcode size={16} aria-hidden />} onClick={sharing.open}>
                {t("qrCode")}
              </Menu.Item>
              <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={changing.open}>
                {t("change")}
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<IconChartBar size={16} aria-hidden />} onClick={figures.open}>
            {t("figures")}
          </Menu.Item>
          {meeting.state === "live" && (
            <Menu.Item leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={ending.open}>
              {t("end")}
            </Menu.Item>
          )}
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={deleting.open}
          >
            {t("delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {hasFigures && <MeetingFiguresDialog meeting={meeting} onClose={endFigures} />}
      <ShareDialog meeting={meeting} isOpen={isSharing} onClose={sharing.close} />
      <MeetingDialog meeting={meeting} isOpen={isChanging} onClose={changing.close} />
      <ConfirmDialog
        isOpen={isEnding}
        title={t("endTitle", { title: meeting.title })}
        text={t("endText")}
        action={t("end")}
        mutation={end}
        onConfirm={() => end.mutate(named(meeting), { onSuccess: ending.close })}
        onClose={ending.close}
      />
      <ConfirmDialog
        isOpen={isDeleting}
        title={t("deleteTitle", { title: meeting.title })}
        text={t("deleteText")}
        action={t("delete")}
        mutation={remove}
        onConfirm={() => remove.mutate(named(meeting), { onSuccess: deleting.close })}
        onClose={deleting.close}
      />
    </>
  );
}
