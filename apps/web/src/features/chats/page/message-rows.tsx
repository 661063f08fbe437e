"use client";

import type { Message } from "@lethe/api/schemas";
import type { ReadFrom, useMessages, WayOn } from "@lethe/client/react";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { flushSync } from "react-dom";
import { formatDay, formatNumber } from "@/lib/format.ts";
import { MessageItem, UnsentItem } from "./message-item.tsx";
import type { Unsent, useOutbox } from "./use-outbox.ts";
import { useReadMark } from "./use-read-mark.ts";

/** A pause after which the author's name is said again. */
const pause = 5 * 60_000;
/** A message's height before it is measured; pixels. */
const messageHeight = 64;
/** As near to the end as that one reads the newest message; pixels. */
const nearEnd = 80;
/** Messages before the end of what has been read at which more is read. */
const ahead = 15;

export type MessageListProps = {
  chatId: string;
  list: ReturnType<typeof useMessages>;
  outbox: ReturnType<typeof useOutbox>;
  from: ReadFrom | undefined;
  /** The message that the page was opened at; it is marked. */
  at: number | undefined;
  /** How often a message was asked for. */
  asked: number;
  /** Begins to read at an end. */
  onFrom: (from: "newest" | "oldest") => void;
  /** Messages of the chat, read or not. */
  total: number;
};

/** Goes to the ends of a chat, wherever one reads. */
export type Ways = { toStart: () => void; toEnd: () => void };

/** Where one reads. */
export type Place = {
  isAtStart: boolean;
  isAtEnd: boolean;
  /** How many messages have come below what is in sight. */
  unseen: number;
};

type MessageRowsProps = MessageListProps & {
  scroller: HTMLElement;
  ways: RefObject<Ways | null>;
  onPlace: (place: Place) => void;
};

type Item = { key: string; message: Message; before: Message | undefined } | { key: string; unsent: Unsent };

/** The rows in sight, of all that have been read so far. */
export function MessageRows(props: MessageRowsProps) {
  const { chatId, list, outbox, from, at, onFrom, total, scroller, ways, onPlace } = props;
  const { messages, older, newer } = list;
  const { waiting } = outbox;
  const items = useMemo((): Item[] => {
    const sent = messages.map((message, index) => ({
      key: message.id,
      message,
      before: messages[index - 1],
    }));
    // What is on its way comes after the newest.
    return from === "newest"
      ? [...sent, ...waiting.map((unsent) => ({ key: `unsent ${unsent.key}`, unsent }))]
      : sent;
  }, [messages, waiting, from]);
  const [focusedKey, setFocusedKey] = useState<string>();
  const focusedIndex = useMemo(
    () => (focusedKey === undefined ? -1 : items.findIndex(({ key }) => key === focusedKey)),
    [items, focusedKey],
  );

  const isPrinting = useIsPrinting();
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: () => messageHeight,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 8,
    paddingEnd: 24,
    // Older messages are put on top without moving what is being read, and who reads the newest follows newer ones.
    anchorTo: from === "oldest" ? "start" : "end",
    followOnAppend: from === "newest",
    scrollEndThreshold: nearEnd,
    // What has the focus stays in the page however far one scrolls, and paper has all that has been read.
    rangeExtractor: useCallback(
      (range: Range) => {
        if (isPrinting) return Array.from({ length: range.count }, (_, index) => index);
        const shown = new Set(defaultRangeExtractor(range));
        if (focusedIndex >= 0 && focusedIndex < range.count) shown.add(focusedIndex);
        return [...shown].sort((a, b) => a - b);
      },
      [focusedIndex, isPrinting],
    ),
  });

  const [isPlaced, setIsPlaced] = useState(false);
  // Where the message stood when the rows came; more may be read before it since.
  const [atIndex] = useState(() => messages.findIndex(({ seq }) => seq === at));
  useLayoutEffect(() => {
    if (atIndex >= 0) virtualizer.scrollToIndex(atIndex, { align: "center" });
    else if (from === "oldest") virtualizer.scrollToOffset(0);
    else virtualizer.scrollToEnd();
    const frame = requestAnimationFrame(() => setIsPlaced(true));
    return () => cancelAnimationFrame(frame);
  }, [virtualizer, from, atIndex]);

  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useReadOn(older, isPlaced && startIndex < ahead);
  useReadOn(newer, isPlaced && endIndex >= items.length - ahead);

  const newestUnsent = waiting.at(-1)?.key;
  useEffect(() => {
    if (newestUnsent === undefined) return;
    if (from === "newest") virtualizer.scrollToEnd();
    else onFrom("newest");
  }, [newestUnsent, virtualizer, from, onFrom]);

  const isNearEnd = !isPlaced || virtualizer.isAtEnd(nearEnd);
  useEffect(() => {
    // Who has read everything up to the end reads on from the newest.
    if (from !== "newest" && isPlaced && isNearEnd && !newer.hasMore && !newer.isFetching) onFrom("newest");
  }, [from, isPlaced, isNearEnd, newer.hasMore, newer.isFetching, onFrom]);

  const isAtStart = startIndex === 0 && !older.hasMore;
  const isAtEnd = from === "newest" && isNearEnd;
  const last = messages.at(-1);
  const newest = last?.seq ?? 0;
  const { firstNew, unseen } = useReadMark(
    chatId,
    from === "newest" ? newest : total,
    isAtEnd ? last : undefined,
  );
  useEffect(() => onPlace({ isAtStart, isAtEnd, unseen }), [onPlace, isAtStart, isAtEnd, unseen]);

  useEffect(() => {
    ways.current = {
      toStart: () => {
        if (older.hasMore) onFrom("oldest");
        else virtualizer.scrollToOffset(0);
      },
      toEnd: () => {
        if (from === "newest") virtualizer.scrollToEnd();
        else onFrom("newest");
      },
    };
  }, [ways, from, older.hasMore, onFrom, virtualizer]);

  return (
    <>
      <ol
        className="relative mx-auto w-full max-w-3xl shrink-0"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          if (!item) return null;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={Math.max(total, newest) + waiting.length}
              aria-posinset={"message" in item ? item.message.seq : newest + 1 + index - messages.length}
              onFocus={() => setFocusedKey(item.key)}
              onBlur={() => setFocusedKey(undefined)}
              style={{ transform: `translateY(${start}px)` }}
              className="absolute inset-x-0 top-0 px-4 sm:px-6 print:static print:transform-none!"
            >
              {"message" in item ? (
                <>
                  {startsDay(item.message, item.before) ? <DayLine time={item.message.created_at} /> : null}
                  {item.message.seq === firstNew ? <NewLine /> : null}
                  <MessageItem
                    isMarked={item.message.seq === at}
                    author={item.message.author}
                    body={item.message.body}
                    time={item.message.created_at}
                    isContinued={item.message.seq !== firstNew && continues(item.message, item.before)}
                  />
                </>
              ) : (
                <UnsentItem unsent={item.unsent} onRetry={outbox.retry} onDrop={outbox.drop} />
              )}
            </li>
          );
        })}
      </ol>
      {isPrinting && messages.length < total ? (
        <p className="px-6 text-xs">
          Here are {formatNumber(messages.length)} of {formatNumber(total)} messages: those that the page has
          read. Export the chat as HTML to print them all.
        </p>
      ) : null}
    </>
  );
}

/** Reads more messages in a direction while what has been read so far nearly ends in sight. */
function useReadOn({ hasMore, isFetching, isError, fetchMore }: WayOn, isNear: boolean): void {
  const latest = useRef(fetchMore);
  useEffect(() => {
    latest.current = fetchMore;
  });
  useEffect(() => {
    if (isNear && hasMore && !isFetching && !isError) latest.current();
  }, [isNear, hasMore, isFetching, isError]);
}

/** Stands before the first message that this reader has not seen. */
function NewLine() {
  return (
    <p className="flex items-center gap-3 pt-5 font-medium text-river text-xs">
      <span className="h-px flex-1 bg-river/40" />
      New messages
      <span className="h-px flex-1 bg-river/40" />
    </p>
  );
}

function DayLine({ time }: { time: string }) {
  return (
    <p className="flex items-center gap-3 pt-6 text-soft text-xs">
      <span className="h-px flex-1 bg-line" />
      {formatDay(time, { named: true })}
      <span className="h-px flex-1 bg-line" />
    </p>
  );
}

function startsDay(message: Message, before: Message | undefined): boolean {
  return (
    before === undefined ||
    new Date(message.created_at).toDateString() !== new Date(before.created_at).toDateString()
  );
}

function continues(message: Message, before: Message | undefined): boolean {
  return (
    before !== undefined &&
    before.author === message.author &&
    !startsDay(message, before) &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < pause
  );
}

let isAsked = false;

/** Whether the page is being put on paper. */
const useIsPrinting = (): boolean =>
  useSyncExternalStore(
    onPrint,
    () => isAsked || matchMedia("print").matches,
    () => false,
  );

/** Calls `listener` before and after, and has what it changes in the page at once: the browser does not wait. */
function onPrint(listener: () => void): () => void {
  const media = matchMedia("print");
  const change = () => flushSync(listener);
  const begin = () => {
    isAsked = true;
    change();
  };
  const end = () => {
    isAsked = false;
    change();
  };
  media.addEventListener("change", change);
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => {
    media.removeEventListener("change", change);
    window.removeEventListener("beforeprint", begin);
    window.removeEventListener("afterprint", end);
  };
}
