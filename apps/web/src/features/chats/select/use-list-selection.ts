"use client";

import type { Chat } from "@lethe/api/schemas";
import { useCallback, useEffect, useRef } from "react";
import { useSelectChats } from "./select-chats.tsx";
import { extend, isSelected, type Selection, type SomeChats, select, toggle } from "./selection.ts";

/**
 * What can be done to the selection from the rows of a list.
 *
 * @param chats the loaded rows, in order
 */
export function useListSelection(chats: Chat[]) {
  const { selection, count, setSelection, clear } = useSelectChats();
  const latest = useRef(chats);
  useEffect(() => {
    latest.current = chats;
  });

  /** Whoever changes one row of "all that match" goes on with those of them that are loaded. */
  const byHand = useCallback((now: Selection): SomeChats => {
    if (now.kind === "some") return now;
    return select(latest.current.filter((chat) => isSelected(now, chat)).map(({ id }) => id));
  }, []);

  return {
    count,
    clear,
    isSelected: (chat: Chat) => isSelected(selection, chat),
    /** `range`: from where the last one was picked up to this one. */
    pick: useCallback(
      (id: string, range: boolean) =>
        setSelection((now) => {
          const order = latest.current.map((chat) => chat.id);
          return range ? extend(byHand(now), order, id, id) : toggle(byHand(now), id);
        }),
      [setSelection, byHand],
    ),
    /** Moves the end of a range from one row to another. */
    extendTo: (from: string, to: string) =>
      setSelection((now) =>
        extend(
          byHand(now),
          latest.current.map((chat) => chat.id),
          from,
          to,
        ),
      ),
    selectLoaded: () => setSelection(select(latest.current.map(({ id }) => id))),
  };
}
