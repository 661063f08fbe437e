"use client";

import { useLethe } from "@lethe/client/react";
import { useCallback, useRef } from "react";

/** How long one look is enough; milliseconds. */
const pause = 2_000;

/**
 * Answers what to call when a chat was deleted: nobody announces that a job begins, but what it deletes
 * is heard of at once, in every tab.
 */
export function useNoticeJobs(): () => void {
  const { trpc, queryClient } = useLethe();
  const last = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    if (performance.now() - last.current < pause) return;
    last.current = performance.now();
    void queryClient.invalidateQueries(trpc.deletionJob.list.pathFilter());
  }, [trpc, queryClient]);
}
