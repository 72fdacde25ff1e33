"use client";

import dynamic from "next/dynamic";

const Recorder = dynamic(() => import("@/features/recorder/Recorder").then((module) => module.Recorder), {
  ssr: false,
});

/** What LiveKit's recorder films when everyone is recorded in one picture: `?url=...&token=...&layout=...`. */
export default function RecorderPage() {
  return <Recorder />;
}
