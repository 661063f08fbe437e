"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { enterListView } from "./list-view.ts";

/** How long a row may take to come back before it is no longer waited for; milliseconds. */
const patience = 3_000;

/**
 * Lets others ask for a row to be shown (see `list-view.ts`): where it was, and with the focus.
 *
 * @param ids of all rows, in order
 * @param moveTo scrolls to the row with this index and focuses it
 */
export function useShownRow(
  list: RefObject<HTMLElement | null>,
  ids: string[],
  moveTo: (index: number) => void,
): void {
  const [wanted, setWanted] = useState<{ chatId: string; scrollTop: number; until: number } | null>(null);

  const latest = useRef(moveTo);
  useEffect(() => {
    latest.current = moveTo;
  });

  useEffect(
    () =>
      enterListView({
        scrollTop: () => list.current?.scrollTop ?? 0,
        show: (chatId, scrollTop) => setWanted({ chatId, scrollTop, until: performance.now() + patience }),
      }),
    [list],
  );

  useEffect(() => {
    if (!wanted) return;
    const index = ids.indexOf(wanted.chatId);
    if (index === -1 && performance.now() < wanted.until) return;
    setWanted(null);
    if (index === -1) return;
    list.current?.scrollTo({ top: wanted.scrollTop });
    // The list has to notice that it was scrolled before it judges whether the row is in sight.
    requestAnimationFrame(() => latest.current(index));
  }, [list, ids, wanted]);
}
