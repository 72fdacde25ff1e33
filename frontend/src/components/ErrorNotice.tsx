"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { ProblemError, UnreachableError } from "@/api/problem";
import { useProblemTexts } from "@/i18n/LocaleProvider";
import { joinCode } from "@/lib/joinCode";
import { ConnectionTestLink } from "./ConnectionTestLink";

/** An error, with what the person can do. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations("errors");
  const path = usePathname();
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("title")} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="var(--mantine-color-text)">
          {useErrorText()(error)}
        </Text>
        {error instanceof ProblemError && error.status >= 500 && error.requestId && (
          <Text size="xs" c="dimmed">
            {t("requestId", { id: error.requestId })}
          </Text>
        )}
        {error instanceof UnreachableError && path !== "/connection-test" && (
          <ConnectionTestLink code={joinCode(path)} />
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What to tell a person about an error: in their language where the kind of problem is known, else in the server's words. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("errors");
  const problems = useProblemTexts();
  return (error) => {
    if (error instanceof UnreachableError) return t("unreachable");
    if (error instanceof ProblemError) {
      return [
        problems[error.code] ?? error.detail,
        ...error.fields.map((field) => `${field.pointer}: ${field.detail}`),
      ].join(" ");
    }
    return t("unexpected");
  };
}
