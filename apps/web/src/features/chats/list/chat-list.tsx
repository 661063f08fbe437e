"use client";

import type { ListedChat } from "@lethe/api/schemas";
import { defaultRangeExtractor, measureElement, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { useMay } from "@/features/session/own-session.tsx";
import { bulkActions, deleteChats, trashChats } from "../chat-actions.ts";
import { useListSelection } from "../select/selection.tsx";
import { ChatRow, Grid } from "./chat-row.tsx";
import { useShownRow } from "./list-view.ts";
import { useListKeys, useRovingRow } from "./use-list-focus.ts";

type ChatListProps = {
  chats: ListedChat[];
  openId: string | undefined;
  hasMore: boolean;
  /** True while the rows are still those of an earlier search. */
  isOutdated: boolean;
  onLoadMore: () => void;
};

/** A row's height before it is measured; pixels. */
const rowHeight = 64;

/** The chats as a virtual list with one tab stop, in which one moves and selects with keys; see `useListKeys`. */
export function ChatList({ chats, openId, hasMore, isOutdated, onLoadMore }: ChatListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { askToDelete } = deleteChats;
  const { trash } = trashChats;
  const { trashSelected, askToDeleteSelected } = bulkActions;
  const ids = useMemo(() => chats.map((chat) => chat.id), [chats]);
  const roving = useRovingRow(scroller, ids, openId);
  const { index: currentIndex } = roving;
  const selected = useListSelection(chats);
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  const maySelect = mayTrash || mayDelete;
  useFocusInSight(scroller);

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
  useShownRow(scroller, ids, moveTo);

  const onKeyDown = useListKeys({
    size: chats.length,
    currentIndex,
    moveTo,
    extendTo: (index) => {
      const [from, to] = [ids[currentIndex], ids[index]];
      if (from === undefined || to === undefined) return;
      if (maySelect) selected.extendTo(from, to);
      moveTo(index);
    },
    toggleCurrent: () => {
      const id = ids[currentIndex];
      if (id !== undefined && maySelect) selected.pick(id, false);
    },
    selectLoaded: maySelect ? selected.selectLoaded : () => undefined,
    clear: selected.count > 0 ? selected.clear : undefined,
    remove: (forGood) => {
      if (!(forGood ? mayDelete : mayTrash)) return;
      if (selected.count > 0) return forGood ? askToDeleteSelected() : trashSelected();
      const current = chats[currentIndex];
      if (current) (forGood ? askToDelete : trash)(current);
    },
  });

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
      <Grid
        aria-label="Chats"
        aria-multiselectable="true"
        aria-rowcount={hasMore ? -1 : chats.length}
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
              isOpen={chat.id === openId}
              isCurrent={chat.id === roving.rowId}
              isSelected={selected.isSelected(chat)}
              isSelecting={selected.count > 0}
              isSelectable={maySelect}
              onFocus={roving.setCurrentId}
              onPick={selected.pick}
              onDelete={trash}
            />
          ) : null;
        })}
      </Grid>
    </div>
  );
}

/** Keeps what has the focus in sight when the list gets shorter, such as when a bar takes room from it. */
function useFocusInSight(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      element.querySelector(":focus")?.scrollIntoView({ block: "nearest" }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [list]);
}
