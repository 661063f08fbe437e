"use client";

import type { Chat } from "@lethe/api/schemas";
import { defaultRangeExtractor, measureElement, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { useDeleteChats } from "../delete/delete-chats.tsx";
import { ChatRow } from "./chat-row.tsx";
import { useRovingRow } from "./use-roving-row.ts";

type ChatListProps = {
  chats: Chat[];
  openId: string | undefined;
  hasMore: boolean;
  /** True while the rows are still those of an earlier search. */
  isOutdated: boolean;
  onLoadMore: () => void;
};

/** A row's height before it is measured; pixels. */
const rowHeight = 64;

/** The chats as a virtual list with one tab stop: arrows, j, k, Home and End move, Delete asks. */
export function ChatList({ chats, openId, hasMore, isOutdated, onLoadMore }: ChatListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { askToDelete } = useDeleteChats();
  const ids = useMemo(() => chats.map((chat) => chat.id), [chats]);
  const roving = useRovingRow(scroller, ids, openId);
  const { index: currentIndex } = roving;

  const virtualizer = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    // A list that narrow screens hide has rows without a height; what is known of them stays true.
    measureElement: (row, entry, list) => measureElement(row, entry, list) || rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    // The focused row stays in the page however far one scrolls.
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const rows = new Set(defaultRangeExtractor(range));
        if (currentIndex >= 0 && currentIndex < range.count) rows.add(currentIndex);
        return [...rows].sort((a, b) => a - b);
      },
      [currentIndex],
    ),
  });
  const rows = virtualizer.getVirtualItems();
  const lastIndex = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= chats.length - 15) onLoadMore();
  }, [hasMore, lastIndex, chats.length, onLoadMore]);

  function moveTo(index: number) {
    const target = Math.max(0, Math.min(index, chats.length - 1));
    const id = ids[target];
    if (id === undefined) return;
    virtualizer.scrollToIndex(target);
    roving.focusRow(id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const current = chats[currentIndex];
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(currentIndex + 1),
      j: () => moveTo(currentIndex + 1),
      ArrowUp: () => moveTo(currentIndex - 1),
      k: () => moveTo(currentIndex - 1),
      Home: () => moveTo(0),
      End: () => moveTo(chats.length - 1),
      Delete: () => current && askToDelete(current),
      Backspace: () => current && askToDelete(current),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the rows inside
    <div
      ref={scroller}
      data-chat-list
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4"
      onKeyDown={onKeyDown}
      onFocus={roving.onFocus}
      onBlur={(event) => roving.onBlur(event.relatedTarget)}
    >
      <ul
        aria-label="Chats"
        className={isOutdated ? "relative opacity-60" : "relative"}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {rows.map(({ index, key, start }) => {
          const chat = chats[index];
          return chat ? (
            <ChatRow
              key={key}
              ref={virtualizer.measureElement}
              chat={chat}
              index={index}
              start={start}
              size={hasMore ? -1 : chats.length}
              isOpen={chat.id === openId}
              isCurrent={chat.id === roving.rowId}
              onFocus={roving.setCurrentId}
              onDelete={askToDelete}
            />
          ) : null;
        })}
      </ul>
    </div>
  );
}
