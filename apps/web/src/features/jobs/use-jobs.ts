"use client";

import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { isOpen } from "./describe-job.ts";

/** How often a running job is looked at, and how often it is looked for; milliseconds. */
const whileRunning = 700;
const otherwise = 20_000;

/** The newest jobs of the tenant, kept up to date. Undefined until they are known, or if they may not be. */
export function useJobs() {
  const { trpc } = useLethe();
  const { data } = useQuery(
    trpc.deletionJob.list.queryOptions(
      { limit: 20 },
      {
        staleTime: 0,
        refetchOnWindowFocus: true,
        refetchInterval: ({ state }) => {
          if (state.data?.data.some(isOpen)) return whileRunning;
          return state.error && toLetheError(state.error).code === "FORBIDDEN" ? false : otherwise;
        },
      },
    ),
  );
  return data?.data;
}
