"use client";

import { useLocalStorage } from "@mantine/hooks";

/** What someone wants to hear and see of what happens in a call; kept in this browser. */
export interface AnnouncementChoice {
  sounds: boolean;
  messages: boolean;
}

export function useAnnouncementChoice() {
  return useLocalStorage<AnnouncementChoice>({
    key: "announcements",
    defaultValue: { sounds: true, messages: true },
    getInitialValueInEffect: false,
  });
}
