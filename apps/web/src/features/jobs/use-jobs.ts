"use client";

import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { isOpen } from "./describe-job.ts";

/** How often jobs are read while one runs, and otherwise; milliseconds. */
const runningMs = 700;
const idleMs = 20_000;

/** The newest jobs of the tenant, kept up to date. Undefined until they have been read, or if this session may not read them. */
export function useJobs() {
  const { trpc } = useLethe();
  const { data } = useQuery(
    trpc.deletionJob.list.queryOptions(
      { limit: 20 },
      {
        staleTime: 0,
        refetchOnWindowFocus: true,
        refetchInterval: ({ state }) => {
          if (state.data?.data.some(isOpen)) return runningMs;
          return state.error && toLetheError(state.error).code === "FORBIDDEN" ? false : idleMs;
        },
      },
    ),
  );
  return data?.data;
}

/** Refreshes at most once in this time; milliseconds. */
const refreshMs = 2_000;

/**
 * Returns what to call when a chat was deleted. No event says that a job begins, but every tab learns at once of
 * what it deletes.
 */
export function useRefreshJobs(): () => void {
  const { trpc, queryClient } = useLethe();
  const last = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    if (performance.now() - last.current < refreshMs) return;
    last.current = performance.now();
    void queryClient.invalidateQueries(trpc.deletionJob.list.pathFilter());
  }, [trpc, queryClient]);
}
