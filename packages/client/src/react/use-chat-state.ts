"use client";

import { useCallback, useSyncExternalStore } from "react";
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
