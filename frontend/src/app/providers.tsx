"use client";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ProblemError } from "@/api/problem";
import { LocaleProvider } from "@/i18n/LocaleProvider";
import { cssVariables, theme } from "@/theme/theme";

/** Again only what may be different the next time: the server was away or busy. */
function shouldRetry(count: number, error: unknown): boolean {
  return count < 2 && !(error instanceof ProblemError && error.status < 500);
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, staleTime: 10_000 } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <LocaleProvider>{children}</LocaleProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
