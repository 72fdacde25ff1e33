"use client";

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { IntlProvider } from "use-intl";
import {
  loadMessages,
  loadProblemTexts,
  preferredLocale,
  rememberLocale,
  withRegion,
  type Locale,
  type Messages,
  type ProblemTexts,
} from "./locales";

interface LocaleChoiceValue {
  locale: Locale;
  choose: (locale: Locale) => void;
}

const LocaleChoice = createContext<LocaleChoiceValue>({ locale: "en", choose: () => undefined });

const Problems = createContext<ProblemTexts>({});

/** What is known of the server's problems in the person's language. */
export const useProblemTexts = () => useContext(Problems);

/** The language of the texts, and how the person changes it. */
export const useLocaleChoice = () => useContext(LocaleChoice);

/** Loads the texts of one language only. Nothing is shown before, so that nobody sees a language flash by. */
export function LocaleProvider({ children }: { children: ReactNode }) {
  const [wished, setWished] = useState<Locale>();
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: Messages; problems: ProblemTexts }>();

  useEffect(() => setWished(preferredLocale()), []);

  useEffect(() => {
    if (!wished) return undefined;
    let isCurrent = true;
    void Promise.all([loadMessages(wished), loadProblemTexts(wished)]).then(([messages, problems]) => {
      if (!isCurrent) return;
      document.documentElement.lang = wished;
      setLoaded({ locale: wished, messages, problems });
    });
    return () => {
      isCurrent = false;
    };
  }, [wished]);

  const choice = useMemo(
    () => ({
      locale: loaded?.locale ?? "en",
      choose: (locale: Locale) => {
        rememberLocale(locale);
        setWished(locale);
      },
    }),
    [loaded],
  );

  if (!loaded) return null;
  return (
    <LocaleChoice value={choice}>
      <IntlProvider
        locale={withRegion(loaded.locale, navigator.languages)}
        messages={loaded.messages}
        timeZone={new Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        <Problems value={loaded.problems}>{children}</Problems>
      </IntlProvider>
    </LocaleChoice>
  );
}
