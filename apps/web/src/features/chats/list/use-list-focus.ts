"use client";

import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useSingleKeys } from "@/features/shell/use-shortcuts.ts";

/**
 * The one row of the list that Tab reaches. It follows the focus and the open chat; when its chat goes,
 * the row that takes its place inherits it, focus included.
 *
 * @param ids of all rows, in order
 * @param openId the chat that is open, if any
 */
export function useRovingRow(list: RefObject<HTMLElement | null>, ids: string[], openId: string | undefined) {
  const [currentId, setCurrentId] = useState(openId);
  const lastIndex = useRef(0);
  const hasFocus = useRef(false);
  const wantsFocus = useRef(false);

  const at = currentId === undefined ? -1 : ids.indexOf(currentId);
  const index = at === -1 ? Math.min(lastIndex.current, ids.length - 1) : at;
  const rowId = ids[index];

  useEffect(() => {
    if (openId) setCurrentId(openId);
  }, [openId]);

  useLayoutEffect(() => {
    lastIndex.current = Math.max(index, 0);
    if (rowId !== currentId && rowId !== undefined) setCurrentId(rowId);
    const lost = hasFocus.current && document.activeElement === document.body;
    if (rowId === undefined || !(wantsFocus.current || lost)) return;
    wantsFocus.current = false;
    rowElement(list.current, rowId)?.focus({ preventScroll: true });
  }, [list, index, rowId, currentId]);

  return {
    index,
    rowId,
    setCurrentId,
    /** Moves to a row and, once it is in the page, focuses it. */
    focusRow: (id: string) => {
      wantsFocus.current = true;
      setCurrentId(id);
      if (id === rowId) rowElement(list.current, id)?.focus({ preventScroll: true });
    },
    onFocus: () => {
      hasFocus.current = true;
    },
    // A removed element loses the focus without a next target, so only a move to another element counts.
    onBlur: (next: EventTarget | null) => {
      if (next instanceof Node && !list.current?.contains(next)) hasFocus.current = false;
    },
  };
}

function rowElement(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector(`[data-chat-row="${CSS.escape(id)}"]`) ?? null;
}

/** What acts, or types a letter, with one key alone. */
const singleKeys = new Set(["j", "k", "x", " ", "Delete", "Backspace"]);

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

/**
 * The keys of a list: arrows, j, k, Home and End move, with Shift they select; x, Ctrl+A, Escape, Delete. Whoever has turned
 * single keys off keeps those that only move or need another key besides.
 */
export function useListKeys(list: ListKeys): (event: KeyboardEvent) => void {
  const [withSingleKeys] = useSingleKeys();
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
    if (!withSingleKeys && !shiftKey && singleKeys.has(key)) return undefined;
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
