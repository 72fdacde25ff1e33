"use client";

import { Alert, Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { report } from "./report";
import { StepLine } from "./StepLine";
import { steps, verdict, type StepName } from "./steps";
import { useStepText } from "./useStepText";
import { useConnectionTest, type TestState } from "./useConnectionTest";

const colours = { good: "green", slow: "yellow", bad: "red" } as const;

/** Tries out the connection and says in words what came out, with a report for whoever runs the server. */
export function ConnectionTest({ joinCode }: { joinCode: string | undefined }) {
  const t = useTranslations("connectionTest");
  const { state, start } = useConnectionTest(joinCode);
  const { phase, results } = state;
  return (
    <Stack>
      <Text>{t("intro")}</Text>
      {phase === "failed" && <ErrorNotice error={state.error} />}
      {phase !== "idle" && phase !== "failed" && (
        <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: "none" }} aria-label={t("steps")}>
          {steps.map((step) => (
            <StepLine key={step} step={step} result={results[step]} />
          ))}
        </Stack>
      )}
      <div role="status">{phase === "done" && <Verdict state={state} />}</div>
      <Group>
        <Button
          loading={phase === "running"}
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          variant={phase === "done" ? "default" : "filled"}
          onClick={start}
        >
          {phase === "done" ? t("again") : t("start")}
        </Button>
        {phase === "done" && <Report state={state} />}
      </Group>
    </Stack>
  );
}

function Verdict({ state }: { state: TestState }) {
  const t = useTranslations("connectionTest");
  const result = verdict(state.results);
  return (
    <Alert color={colours[result]} variant="light" title={t(`verdicts.${result}`)}>
      <Text size="sm" c="var(--mantine-color-text)">
        {t(`advice.${result}`)}
      </Text>
    </Alert>
  );
}

function Report({ state }: { state: TestState }) {
  const t = useTranslations("connectionTest");
  const textOf = useStepText();
  const written = () =>
    report({
      title: t("title"),
      verdict: t(`verdicts.${verdict(state.results)}`),
      words: Object.fromEntries(
        steps.map((step) => [step, { name: t(`names.${step}`), text: textOf(state.results[step]) }]),
      ) as Record<StepName, { name: string; text: string }>,
      results: state.results,
      moment: state.endedAt,
      page: window.location.origin,
      server: state.server,
      browser: navigator.userAgent,
    });
  const save = () => {
    const address = URL.createObjectURL(new Blob([written()], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "connection-test.txt";
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <CopyButton value={written()}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            onClick={copy}
          >
            {copied ? t("copied") : t("copy")}
          </Button>
        )}
      </CopyButton>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
        {t("download")}
      </Button>
    </>
  );
}
