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
