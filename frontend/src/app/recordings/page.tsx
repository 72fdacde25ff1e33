"use client";

import { RecordingList } from "@/features/recordings/RecordingList";
import { ScopedShell } from "@/features/shell/ScopedShell";

export default function RecordingsPage() {
  return <ScopedShell namespace="recordings">{(scope) => <RecordingList scope={scope} />}</ScopedShell>;
}
