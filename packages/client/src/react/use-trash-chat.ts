"use client";

import { useCallback } from "react";
import { type MovedChat, restoreChat, trashChat } from "../cache/move-chat.ts";
import { type MovedSet, moveChats } from "../cache/move-chats.ts";
import type { LetheClientError } from "../lethe-error.ts";
import { useLethe } from "./lethe-provider.tsx";
import { useAttempts, useLatest } from "./use-attempts.ts";

/** Where a chat was to go. */
export type MoveGoal = "trash" | "restore";

export type UseTrashChatOptions = {
  /** Called once for every move that came to an end without a failure, even after the component is gone. */
  onMoved?: (moved: MovedChat, goal: MoveGoal) => void;
  /** Called once for every move that was refused; the chat is back where it was by then. */
  onFailed?: (error: LetheClientError, chatId: string, goal: MoveGoal) => void;
};

export type UseTrashChat = {
  /**
   * Moves a chat into the trash: at once out of every cached list. Its live connections are closed by the
   * server. Rejects with a LetheClientError. A chat that is there already stays.
   */
  trashChat: (chatId: string) => Promise<MovedChat>;
  /**
   * Brings a chat back from the trash: at once at its old place. Asked for while `trashChat` has no answer
   * yet it undoes that, whatever the answer is. A chat that is not in the trash stays as it is.
   */
  restoreChat: (chatId: string) => Promise<MovedChat>;
  /** The same as `restoreChat`, by the name that a button has. */
  undo: (chatId: string) => Promise<MovedChat>;
  /** True while at least one move of this hook runs. */
  isPending: boolean;
  /** The last failure, until the next move starts. */
  error: LetheClientError | null;
};

/** Moves chats into the trash and out of it, optimistically; see `UseTrashChat`. */
export function useTrashChat(options: UseTrashChatOptions = {}): UseTrashChat {
  const lethe = useLethe();
  const latest = useLatest(options);
  const { attempt, isPending, error } = useAttempts();
  const run = useCallback(
    (chatId: string, goal: MoveGoal) =>
      attempt(
        async () => {
          const move = goal === "trash" ? trashChat : restoreChat;
          const moved = await move(lethe, lethe.client, chatId);
          latest.current.onMoved?.(moved, goal);
          return moved;
        },
        (failure) => latest.current.onFailed?.(failure, chatId, goal),
      ),
    [lethe, attempt, latest],
  );
  const trash = useCallback((chatId: string) => run(chatId, "trash"), [run]);
  const restore = useCallback((chatId: string) => run(chatId, "restore"), [run]);
  return { trashChat: trash, restoreChat: restore, undo: restore, isPending, error };
}

/**
 * Moves many chats into the trash and out of it, optimistically and with one call for up to 1,000. Neither
 * rejects: what stayed where it was is named in the outcome.
 */
export function useMoveChats() {
  const lethe = useLethe();
  const trashChats = useCallback(
    (chatIds: readonly string[]): Promise<MovedSet> => moveChats(lethe, lethe.client, chatIds, "trashed"),
    [lethe],
  );
  const restoreChats = useCallback(
    (chatIds: readonly string[]): Promise<MovedSet> => moveChats(lethe, lethe.client, chatIds, "active"),
    [lethe],
  );
  return { trashChats, restoreChats };
}
