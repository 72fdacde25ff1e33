"use client";

import dynamic from "next/dynamic";

/** Every page brings this one along: what it shows is loaded only when it is shown. */
const NothingHere = dynamic(() => import("@/components/NothingHere").then((module) => module.NothingHere), {
  ssr: false,
});

export default function NotFoundPage() {
  return <NothingHere />;
}
