export type Interval = "day" | "week" | "month";

/** A time to look at, as the API takes it: days in UTC, both included. */
export interface Period {
  from: string;
  to: string;
  interval: Interval;
}

/** The times that one can choose, with the steps that they are shown in. */
export const spans = ["week", "month", "quarter", "year"] as const;
export type Span = (typeof spans)[number];

const lengths: Record<Span, { days: number; interval: Interval }> = {
  week: { days: 7, interval: "day" },
  month: { days: 30, interval: "day" },
  quarter: { days: 91, interval: "week" },
  year: { days: 365, interval: "month" },
};

const day = 86_400_000;

/** The time that ends today, which is a day in UTC. */
export function periodOf(span: Span, now: Date): Period {
  const { days, interval } = lengths[span];
  return {
    from: dayOf(new Date(now.getTime() - (days - 1) * day)),
    to: dayOf(now),
    interval,
  };
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
