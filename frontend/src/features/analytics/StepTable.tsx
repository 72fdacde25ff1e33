"use client";

import { Table } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import type { AnalyticsOverview } from "@/api/schema";
import { isTime, measures } from "./measures";
import { useDurationText } from "./useDurationText";

/** What the plot shows, and the other figures, as a table. */
export function StepTable(props: { steps: AnalyticsOverview["steps"]; labelOf: (start: string) => string }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const durationText = useDurationText();
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table striped>
        <Table.Caption>{t("utc")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("step")}</Table.Th>
            {measures.map((measure) => (
              <Table.Th key={measure} scope="col" ta="right">
                {t(`figures.${measure}`)}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              {t("figures.rating")}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.steps.map(({ start, sums }) => (
            <Table.Tr key={start}>
              <Table.Th scope="row">{props.labelOf(start)}</Table.Th>
              {measures.map((measure) => (
                <Table.Td key={measure} ta="right">
                  {isTime(measure) ? durationText(sums[measure]) : format.number(sums[measure])}
                </Table.Td>
              ))}
              <Table.Td ta="right">
                {sums.averageRating === null
                  ? t("none")
                  : format.number(sums.averageRating, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
