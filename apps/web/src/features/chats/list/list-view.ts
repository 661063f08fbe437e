"use client";

import { useChats } from "@lethe/client/react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { allChats, type useListInput } from "./list-filter.ts";

/** What other components can ask of the list of chats. */
type ListView = {
  /** Where the list is scrolled to; pixels. */
  scrollTop: () => number;
  /** Scrolls back to there and focuses a chat's row as soon as the list has it. */
  show: (chatId: string, scrollTop: number) => void;
};

let current: ListView | undefined;

/** Registers the list that is on the page. Call the result on unmount. */
function registerListView(view: ListView): () => void {
  current = view;
  return () => {
    if (current === view) current = undefined;
  };
}

/**
 * Remembers where the person is in the list, before a row goes. Call the result to bring the person back
 * there, with the focus on the row that has come back.
 */
export function rememberPlace(chatId: string): () => void {
  const scrollTop = current?.scrollTop() ?? 0;
  return () => current?.show(chatId, scrollTop);
}

/** How long to wait for a row to come back; milliseconds. */
const timeoutMs = 3_000;

/**
 * Lets others ask for a row to be shown: where it was, and with the focus.
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
      registerListView({
        scrollTop: () => list.current?.scrollTop ?? 0,
        show: (chatId, scrollTop) => setWanted({ chatId, scrollTop, until: performance.now() + timeoutMs }),
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

/** The chats that a list asks for, page after page; without an input the list of all chats. */
export const useChatList = (input: ReturnType<typeof useListInput>["input"] = allChats) => useChats(input);

const wholeTrash = { ...allChats, state: "trashed" as const };

/** All that lies in the trash, the last that came into it first, page after page. */
export const useTrashList = () => useChatList(wholeTrash);
