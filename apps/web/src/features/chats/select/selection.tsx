"use client";

import type { Chat } from "@lethe/api/schemas";
import { useIsListed } from "@lethe/client/react";
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
import type { ListCriteria } from "../list/list-filter.ts";

/** Chats that were picked by hand. */
type SomeChats = {
  kind: "some";
  ids: ReadonlySet<string>;
  /** Where a range begins: the row that was picked last. */
  anchor: string | undefined;
  /** What was selected before the range that Shift is drawing, so that the range can shrink again. */
  base: ReadonlySet<string>;
};

/** All chats that a search found at one moment, loaded or not. */
export type MatchingChats = {
  kind: "matching";
  /** What titles contain; empty: any. */
  search: string;
  /** What else they met. */
  criteria: ListCriteria;
  /** How many there were. */
  count: number;
  /** RFC 3339. What has changed since then is not among them. */
  asOf: string;
};

export type Selection = SomeChats | MatchingChats;

export const nothing: SomeChats = { kind: "some", ids: new Set(), anchor: undefined, base: new Set() };

/** How many chats are selected. */
export function sizeOf(selection: Selection): number {
  return selection.kind === "some" ? selection.ids.size : selection.count;
}

/** Whether a row is to show as selected. */
export function isSelected(selection: Selection, chat: { id: string; updated_at: string }): boolean {
  if (selection.kind === "some") return selection.ids.has(chat.id);
  return Date.parse(chat.updated_at) < Date.parse(selection.asOf);
}

/** Exactly these chats. */
export function select(ids: Iterable<string>, anchor?: string): SomeChats {
  const set = new Set(ids);
  return { kind: "some", ids: set, anchor, base: set };
}

/** Puts a chat in, or takes it out. The next range begins at it. */
export function toggle(selection: SomeChats, id: string): SomeChats {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return select(ids, id);
}

/**
 * Selects the rows from the anchor to `to`, both included, beside what was selected before. A second call
 * with another `to` moves the end of the same range.
 *
 * @param order ids of the rows as they stand in the list
 * @param from where the range begins if there is no anchor, or its row has gone
 */
export function extend(selection: SomeChats, order: readonly string[], from: string, to: string): SomeChats {
  const known = selection.anchor !== undefined && order.includes(selection.anchor);
  const anchor = known ? (selection.anchor ?? from) : from;
  const base = known ? selection.base : selection.ids;
  const [start, end] = [order.indexOf(anchor), order.indexOf(to)].sort((a, b) => a - b);
  if (start === undefined || end === undefined || start === -1) return selection;
  return { kind: "some", ids: new Set([...base, ...order.slice(start, end + 1)]), anchor, base };
}

/** Takes chats out. Same object if none was selected. */
export function drop(selection: Selection, ids: Iterable<string>): Selection {
  if (selection.kind === "matching") return selection;
  const gone = new Set([...ids].filter((id) => selection.ids.has(id) || selection.base.has(id)));
  if (gone.size === 0) return selection;
  const without = (set: ReadonlySet<string>) => new Set([...set].filter((id) => !gone.has(id)));
  return { ...selection, ids: without(selection.ids), base: without(selection.base) };
}

/** Puts chats in, such as those that came back. A range that is being drawn goes on. "All that match" stays what it is. */
export function add(selection: Selection, ids: Iterable<string>): Selection {
  if (selection.kind === "matching") return selection;
  const more = [...ids];
  const withMore = (set: ReadonlySet<string>) => new Set([...set, ...more]);
  return { ...selection, ids: withMore(selection.ids), base: withMore(selection.base) };
}

/** What was selected before, unless something else has been since. */
export const unlessChosen = (now: Selection, before: Selection): Selection =>
  sizeOf(now) > 0 ? now : before;

/** What is selected of what was picked: those chats that are still among the chats. */
export function listed(picked: Selection, isListed: (chatId: string) => boolean): Selection {
  if (picked.kind === "matching") return picked;
  return drop(
    picked,
    [...picked.ids, ...picked.base].filter((id) => !isListed(id)),
  );
}

type SelectChats = {
  selection: Selection;
  /** How many chats are selected. */
  count: number;
  /** Replaces what is picked. Give a function where it depends on what is picked by then. */
  setSelection: (next: Selection | ((now: Selection) => Selection)) => void;
  clear: () => void;
  /** Takes chats out, such as those of a set that is to go. */
  drop: (ids: Iterable<string>) => void;
  /** Adds chats, such as those of a set that could not be deleted. */
  add: (ids: Iterable<string>) => void;
};

const SelectChatsContext = createContext<SelectChats | null>(null);

/**
 * Keeps the selection, whatever page the person goes to. What was picked is selected as long as it is among the chats: what
 * goes into the trash, or is deleted, is not selected there, and is again if it comes back, by an undo or because the
 * server refused. That is asked of where the chats are, so it does not depend on the order in which answers and events
 * come.
 */
export function SelectChatsProvider({ children }: { children: ReactNode }) {
  const [picked, setSelection] = useState<Selection>(nothing);
  const isListed = useIsListed();
  const selection = useMemo(() => listed(picked, isListed), [picked, isListed]);
  const [actions] = useState(() => ({
    setSelection,
    clear: () => setSelection(nothing),
    drop: (ids: Iterable<string>) => setSelection((now) => drop(now, ids)),
    add: (ids: Iterable<string>) => setSelection((now) => add(now, ids)),
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
