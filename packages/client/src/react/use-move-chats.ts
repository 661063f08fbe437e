"use client";

import { useCallback } from "react";
import { type MovedSet, moveChats } from "../cache/move-chats.ts";
import { useLethe } from "./lethe-provider.tsx";

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
