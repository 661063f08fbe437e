"use client";

import type { Chat } from "@lethe/api/schemas";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import {
  drop,
  extend,
  isSelected,
  nothing,
  type Selection,
  type SomeChats,
  select,
  sizeOf,
  toggle,
} from "./selection.ts";

type SelectChats = {
  selection: Selection;
  /** How many chats are selected. */
  count: number;
  /** Replaces the selection. Give a function where it depends on what is selected by then. */
  setSelection: (next: Selection | ((now: Selection) => Selection)) => void;
  clear: () => void;
  /** Takes chats out that are gone or in the trash. */
  drop: (ids: Iterable<string>) => void;
  /** Adds chats, such as those of a set that could not be deleted. */
  add: (ids: Iterable<string>) => void;
};

const SelectChatsContext = createContext<SelectChats | null>(null);

/** Keeps the selection, whatever page the person goes to. */
export function SelectChatsProvider({ children }: { children: ReactNode }) {
  const [selection, setSelection] = useState<Selection>(nothing);
  const [actions] = useState(() => ({
    setSelection,
    clear: () => setSelection(nothing),
    drop: (ids: Iterable<string>) => setSelection((now) => drop(now, ids)),
    add: (ids: Iterable<string>) =>
      setSelection((now) => select(now.kind === "some" ? [...now.ids, ...ids] : ids)),
  }));
  const value = useMemo(() => ({ selection, count: sizeOf(selection), ...actions }), [selection, actions]);
  return <SelectChatsContext value={value}>{children}</SelectChatsContext>;
}

/** What is selected in the list of chats. */
export function useSelectChats(): SelectChats {
  const value = useContext(SelectChatsContext);
  if (!value) throw new Error("useSelectChats needs SelectChatsProvider above it.");
  return value;
}

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

  /** Changing one row of "all that match" turns it into a selection by hand of those that are loaded. */
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
