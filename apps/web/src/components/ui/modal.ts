"use client";

import { useEffect, useSyncExternalStore } from "react";

let open = 0;
const listeners = new Set<() => void>();

function count(change: 1 | -1): void {
  open += change;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that a dialog is open, for as long as it is; one that fades out no longer counts. */
export function useCountsAsModal(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    count(1);
    return () => count(-1);
  }, [isOpen]);
}

/** Whether a dialog is open: then nothing outside of it may be reached. */
export const isModalOpen = (): boolean => open > 0;

/** `isModalOpen`, kept up to date. */
export function useIsModalOpen(): boolean {
  return useSyncExternalStore(subscribe, isModalOpen, () => false);
}
