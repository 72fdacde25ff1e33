"use client";

import { Overview } from "@/features/analytics/Overview";
import { ScopedShell } from "@/features/shell/ScopedShell";

export default function AnalyticsPage() {
  return <ScopedShell namespace="analytics">{(scope) => <Overview scope={scope} />}</ScopedShell>;
}
