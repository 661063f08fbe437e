"use client";

import type { AppRouter } from "@lethe/api";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { createLetheCache, type LetheCache } from "../cache/lethe-cache.ts";
import type { LetheClient } from "../make-client.ts";

type Lethe = LetheCache & { client: LetheClient };

const LetheContext = createContext<Lethe | null>(null);

/** Gives the hooks of this package, and TanStack Query's own, their clients. Both must outlive renders. */
export function LetheProvider(props: { client: LetheClient; queryClient: QueryClient; children: ReactNode }) {
  const { client, queryClient } = props;
  const lethe = useMemo(() => {
    const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
    return { ...createLetheCache(queryClient, trpc), client };
  }, [client, queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <LetheContext value={lethe}>{props.children}</LetheContext>
    </QueryClientProvider>
  );
}

/**
 * The typed client, and `trpc`, which makes options for TanStack Query's hooks:
 * `useQuery(trpc.chat.byId.queryOptions({ chat_id }))`.
 */
export function useLethe(): Lethe {
  const lethe = useContext(LetheContext);
  if (!lethe) throw new Error("useLethe needs a LetheProvider above it.");
  return lethe;
}
