"use client";

import { useCallback } from "react";
import { type BulkDeleteOptions, bulkDelete, type DeletedSet } from "../cache/bulk-delete.ts";
import { type DeleteChatOptions, type DeletedChat, deleteChat } from "../cache/delete-chat.ts";
import type { LetheClientError } from "../lethe-error.ts";
import { useLethe } from "./lethe-provider.tsx";
import { useAttempts, useLatest } from "./use-attempts.ts";

export type UseDeleteChatOptions = Pick<DeleteChatOptions, "beforeDelete"> & {
  /** Called once for every deletion that came through, even after the component is gone. */
  onDeleted?: (deleted: DeletedChat) => void;
  /** Called once for every deletion that did not; the chat is back in its lists by then. */
  onFailed?: (error: LetheClientError, chatId: string) => void;
};

export type UseDeleteChat = {
  /**
   * Deletes a chat: at once from every cached list, and for good. `force` closes its live connections;
   * without it a chat that has some is refused with reason "active_connections". Rejects with a
   * LetheClientError. A chat that is gone already counts as deleted. `ifVersion` deletes only if the chat
   * is still the one that was seen or exported (reason "version_mismatch").
   */
  deleteChat: (chatId: string, options?: { force?: boolean; ifVersion?: number }) => Promise<DeletedChat>;
  /** True while at least one deletion of this hook runs. */
  isPending: boolean;
  /** The last failure, until the next deletion starts. */
  error: LetheClientError | null;
};

/** Deletes chats with optimistic removal; see `UseDeleteChat`. */
export function useDeleteChat(options: UseDeleteChatOptions = {}): UseDeleteChat {
  const lethe = useLethe();
  const latest = useLatest(options);
  const { attempt, isPending, error } = useAttempts();
  const run = useCallback<UseDeleteChat["deleteChat"]>(
    (chatId, { force = false, ifVersion } = {}) =>
      attempt(
        async () => {
          const { beforeDelete } = latest.current;
          const deleted = await deleteChat(lethe, lethe.client, chatId, { force, ifVersion, beforeDelete });
          latest.current.onDeleted?.(deleted);
          return deleted;
        },
        (failure) => latest.current.onFailed?.(failure, chatId),
      ),
    [lethe, attempt, latest],
  );
  return { deleteChat: run, isPending, error };
}

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
  const latest = useLatest(options);
  const { attempt } = useAttempts();
  return useCallback(
    (chatIds: readonly string[], how: Omit<BulkDeleteOptions, "beforeDelete"> = {}): Promise<DeletedSet> =>
      attempt(
        async () => {
          const { beforeDelete } = latest.current;
          const set = await bulkDelete(lethe, lethe.client, chatIds, { ...how, beforeDelete });
          latest.current.onDone?.(set, chatIds);
          return set;
        },
        (failure) => latest.current.onFailed?.(failure, chatIds),
      ),
    [lethe, attempt, latest],
  );
}
