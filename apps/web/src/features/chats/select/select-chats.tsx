"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { drop, nothing, type Selection, select, sizeOf } from "./selection.ts";

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

/** Holds what is selected, wherever the person goes meanwhile. */
export function SelectChats({ children }: { children: ReactNode }) {
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
  if (!value) throw new Error("useSelectChats needs SelectChats above it.");
  return value;
}
