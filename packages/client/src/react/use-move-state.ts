"use client";

import { useCallback, useSyncExternalStore } from "react";
import { useLethe } from "./lethe-provider.tsx";

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
