"use client";

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { DeletionState } from "../cache/deletions.ts";
import { useLethe } from "./lethe-provider.tsx";

/**
 * Whether a chat is being deleted from this page, or is known to be gone, whoever deleted it. Undefined
 * for all others. An open page of the chat shows this instead of its content.
 */
export function useDeletionState(chatId: string): DeletionState | undefined {
  const { deletions } = useLethe();
  const read = useCallback(() => deletions.state(chatId), [deletions, chatId]);
  return useSyncExternalStore(deletions.subscribe, read, () => undefined);
}

/** Where a chat is under way to. */
export type MoveState = "trashing" | "restoring";

/**
 * Whether this page is moving a chat into the trash or out of it just now. Undefined for all others: where
 * those are their own `trashed_at` says.
 */
export function useMoveState(chatId: string): MoveState | undefined {
  const { moves } = useLethe();
  const read = useCallback(() => moves.goal(chatId), [moves, chatId]);
  const goal = useSyncExternalStore(moves.subscribe, read, () => undefined);
  if (goal === undefined) return undefined;
  return goal === "trashed" ? "trashing" : "restoring";
}

/**
 * Tells of any chat that was read from a list whether it is still among the chats, as far as this page knows: neither
 * deleted nor in the trash, nor under way there. The function is another one whenever that has changed for some chat.
 */
export function useIsListed(): (chatId: string) => boolean {
  const { deletions, moves } = useLethe();
  const [isListed, setIsListed] = useState<(chatId: string) => boolean>(() => () => true);
  useEffect(() => {
    const learn = () =>
      setIsListed(() => (chatId: string) => !deletions.isGone(chatId) && moves.place(chatId) !== "trashed");
    learn();
    const leave = [deletions.subscribe(learn), moves.subscribe(learn)];
    return () => {
      for (const done of leave) done();
    };
  }, [deletions, moves]);
  return isListed;
}
