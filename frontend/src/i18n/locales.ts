import type messages from "./messages/en.json";

export const locales = ["en", "de"] as const;
export type Locale = (typeof locales)[number];
export type Messages = typeof messages;

declare module "use-intl" {
  interface AppConfig {
    Messages: Messages;
  }
}

const key = "locale";

/** What the person chose here before, else the first language of the browser that there are texts for, else English. */
export function preferredLocale(): Locale {
  const wished = [readChoice(), ...navigator.languages].map((tag) => tag?.toLowerCase().split("-")[0]);
  return locales.find((locale) => locale === wished.find((tag) => locales.some((known) => known === tag))) ?? "en";
}

/** The language with the region of the browser's own, whose way of writing dates and numbers people know. */
export function withRegion(locale: Locale, wished: readonly string[]): string {
  return wished.find((tag) => tag.toLowerCase().split("-")[0] === locale) ?? locale;
}

export function rememberLocale(locale: Locale): void {
  try {
    localStorage.setItem(key, locale);
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

export async function loadMessages(locale: Locale): Promise<Messages> {
  switch (locale) {
    case "de":
      return (await import("./messages/de.json")).default;
    case "en":
      return (await import("./messages/en.json")).default;
  }
}

/** What is wrong, by the code of the server's problem. */
export type ProblemTexts = Readonly<Record<string, string>>;

/** None in English: there the server's own words serve, which say more about the one case. */
export async function loadProblemTexts(locale: Locale): Promise<ProblemTexts> {
  switch (locale) {
    case "de":
      return (await import("./problems/de.json")).default;
    case "en":
      return {};
  }
}

function readChoice(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
