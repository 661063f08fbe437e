"use client";

import type { KeyboardEvent } from "react";

type ListKeys = {
  /** How many rows there are. */
  size: number;
  currentIndex: number;
  moveTo: (index: number) => void;
  /** Moves the end of the range that Shift draws. */
  extendTo: (index: number) => void;
  toggleCurrent: () => void;
  selectLoaded: () => void;
  /** Undefined while nothing is selected: then Escape is left to others. */
  clear: (() => void) | undefined;
  /** `forGood`: Shift was held. */
  remove: (forGood: boolean) => void;
};

/** The keys of a list: arrows, j, k, Home and End move, with Shift they select; x, Ctrl+A, Escape, Delete. */
export function useListKeys(list: ListKeys): (event: KeyboardEvent) => void {
  const last = list.size - 1;
  const targets: Record<string, number> = {
    ArrowDown: list.currentIndex + 1,
    j: list.currentIndex + 1,
    ArrowUp: list.currentIndex - 1,
    k: list.currentIndex - 1,
    Home: 0,
    End: last,
  };

  function actionOf({ key, shiftKey, target }: KeyboardEvent): (() => void) | undefined {
    const to = targets[key];
    if (to !== undefined) {
      const index = Math.max(0, Math.min(to, last));
      return () => (shiftKey ? list.extendTo(index) : list.moveTo(index));
    }
    if (key === "x" || (key === " " && target instanceof HTMLAnchorElement)) return list.toggleCurrent;
    if (key === "Escape") return list.clear;
    if (key === "Delete" || key === "Backspace") return () => list.remove(shiftKey);
    return undefined;
  }

  return (event) => {
    if (event.defaultPrevented || event.altKey) return;
    const isAll = event.key.toLowerCase() === "a" && !event.shiftKey;
    const withControl = event.ctrlKey || event.metaKey;
    const action = withControl ? (isAll ? list.selectLoaded : undefined) : actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  };
}
