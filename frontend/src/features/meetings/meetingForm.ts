import type { Meeting, MeetingChange, MeetingDraft } from "@/api/schema";

/** What the form holds: every field as its input has it. */
export interface MeetingFormValues {
  title: string;
  kind: Meeting["kind"];
  /** As `datetime-local` inputs have it: local time, to the minute. */
  start: string;
  end: string;
  lobby: Meeting["settings"]["lobby"];
  /** Empty: no limit. */
  capacity: string | number;
  screenShare: Meeting["settings"]["screenShare"];
  chat: Meeting["settings"]["chat"];
  draw: Meeting["settings"]["draw"];
  record: Meeting["settings"]["record"];
  locked: boolean;
  usesPasscode: boolean;
  /** Empty keeps the one that there is. */
  passcode: string;
}

/** The form for a new meeting (without one), or for changing one. */
export function formValues(meeting?: Meeting): MeetingFormValues {
  const settings = meeting?.settings;
  return {
    title: meeting?.title ?? "",
    kind: meeting?.kind ?? "scheduled",
    start: localTime(meeting?.scheduledStart),
    end: localTime(meeting?.scheduledEnd),
    lobby: settings?.lobby ?? "guests",
    capacity: settings?.capacity ?? "",
    screenShare: settings?.screenShare ?? "everyone",
    chat: settings?.chat ?? "everyone",
    draw: settings?.draw ?? "everyone",
    record: settings?.record ?? "hosts",
    locked: settings?.locked ?? false,
    usesPasscode: settings?.requiresPasscode ?? false,
    passcode: "",
  };
}

export function draft(values: MeetingFormValues): MeetingDraft {
  return { ...common(values), title: values.title, kind: values.kind };
}

export function change(values: MeetingFormValues): MeetingChange {
  return { ...common(values), title: values.title };
}

function common(values: MeetingFormValues) {
  const times =
    values.kind === "scheduled" ? { scheduledStart: isoTime(values.start), scheduledEnd: isoTime(values.end) } : {};
  return {
    ...times,
    settings: {
      lobby: values.lobby,
      capacity: values.capacity === "" ? null : Number(values.capacity),
      screenShare: values.screenShare,
      chat: values.chat,
      draw: values.draw,
      record: values.record,
      locked: values.locked,
      ...passcode(values),
    },
  };
}

function passcode(values: MeetingFormValues): { passcode?: string | null } {
  if (!values.usesPasscode) return { passcode: null };
  return values.passcode === "" ? {} : { passcode: values.passcode };
}

/** RFC 3339 in UTC to local time as `datetime-local` inputs have it. */
export function localTime(time: string | null | undefined): string {
  if (!time) return "";
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoTime(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}
