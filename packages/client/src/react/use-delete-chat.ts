"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { type DeleteChatOptions, type DeletedChat, deleteChat } from "../cache/delete-chat.ts";
import type { LetheClientError } from "../lethe-error.ts";
import { toLetheError } from "../to-lethe-error.ts";
import { useLethe } from "./lethe-provider.tsx";

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
  const [pending, setPending] = useState(0);
  const [error, setError] = useState<LetheClientError | null>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const run = useCallback<UseDeleteChat["deleteChat"]>(
    async (chatId, { force = false, ifVersion } = {}) => {
      setPending((count) => count + 1);
      setError(null);
      try {
        const { beforeDelete } = latest.current;
        const deleted = await deleteChat(lethe, lethe.client, chatId, { force, ifVersion, beforeDelete });
        latest.current.onDeleted?.(deleted);
        return deleted;
      } catch (cause) {
        const failure = toLetheError(cause);
        setError(failure);
        latest.current.onFailed?.(failure, chatId);
        throw failure;
      } finally {
        setPending((count) => count - 1);
      }
    },
    [lethe],
  );
  return { deleteChat: run, isPending: pending > 0, error };
}
