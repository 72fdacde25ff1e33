"use client";

import { useEffect, useRef, useState } from "react";
import { api, contentOf } from "@/api/client";
import { nothingTried, type Results } from "./steps";

export interface TestState {
  phase: "idle" | "running" | "done" | "failed";
  results: Results;
  /** Where the media server is, once the API has told. */
  server: string;
  /** When it was done. */
  endedAt: Date | undefined;
  /** Why there could be no test at all. */
  error: unknown;
}

const idle: TestState = { phase: "idle", results: nothingTried, server: "", endedAt: undefined, error: undefined };

/** Runs the test on demand. LiveKit's library is loaded then, and everything ends when the page is left. */
export function useConnectionTest(joinCode: string | undefined) {
  const [state, setState] = useState<TestState>(idle);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    setState({ ...idle, phase: "running" });
    const unlessAborted = (change: (now: TestState) => TestState) => {
      if (!signal.aborted) setState(change);
    };
    try {
      const body = joinCode === undefined ? {} : { joinCode };
      const test = contentOf(await api.POST("/api/v1/connection-tests", { body, signal }));
      unlessAborted((now) => ({ ...now, server: test.url }));
      const { runTest } = await import("./runTest");
      await runTest(test, signal, (step, result) =>
        unlessAborted((now) => ({ ...now, results: { ...now.results, [step]: result } })),
      );
      unlessAborted((now) => ({ ...now, phase: "done", endedAt: new Date() }));
    } catch (error) {
      unlessAborted((now) => ({ ...now, phase: "failed", error }));
    }
  };
  return { state, start: () => void start() };
}
