"use client";

import { useCallback, useEffect, useRef } from "react";
import { type BulkDeleteOptions, bulkDelete, type DeletedSet } from "../cache/bulk-delete.ts";
import type { LetheClientError } from "../lethe-error.ts";
import { toLetheError } from "../to-lethe-error.ts";
import { useLethe } from "./lethe-provider.tsx";

export type UseBulkDeleteOptions = Pick<BulkDeleteOptions, "beforeDelete"> & {
  /** Called once for every set that has an outcome, even after the component is gone. */
  onDone?: (set: DeletedSet, chatIds: readonly string[]) => void;
  /** Called once for every set without an answer; its chats are back in their lists by then. */
  onFailed?: (error: LetheClientError, chatIds: readonly string[]) => void;
};

/**
 * Deletes up to 1,000 chats for good, with optimistic removal. Chats that are live or on hold come back and
 * are named in the outcome; `force` closes live connections. Rejects with a LetheClientError.
 */
export function useBulkDelete(options: UseBulkDeleteOptions = {}) {
  const lethe = useLethe();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  return useCallback(
    async (chatIds: readonly string[], { force = false } = {}): Promise<DeletedSet> => {
      try {
        const { beforeDelete } = latest.current;
        const set = await bulkDelete(lethe, lethe.client, chatIds, { force, beforeDelete });
        latest.current.onDone?.(set, chatIds);
        return set;
      } catch (cause) {
        const failure = toLetheError(cause);
        latest.current.onFailed?.(failure, chatIds);
        throw failure;
      }
    },
    [lethe],
  );
}
