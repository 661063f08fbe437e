"use client";

import type { Message } from "@lethe/api/schemas";
import { useEffect, useRef } from "react";
import { ErrorNotice, Skeleton } from "@/components/states.tsx";
import { formatDay } from "@/lib/format.ts";
import { MessageItem, UnsentItem } from "./message-item.tsx";
import type { useMessages, useOutbox } from "./use-messages.ts";

/** A pause after which the author's name is said again. */
const pause = 5 * 60_000;

type MessageListProps = {
  list: ReturnType<typeof useMessages>;
  outbox: ReturnType<typeof useOutbox>;
};

/**
 * The messages from old to new, opened at the newest. The scroller runs from the bottom up
 * (column-reverse), so that older messages can be put on top without moving what is being read.
 */
export function MessageList({ list, outbox }: MessageListProps) {
  const scroller = useRef<HTMLElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;

  useEffect(() => {
    if (!top.current || !hasNextPage || isFetching || isFetchNextPageError) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        // A further page must not interrupt the messages when they are read again.
        if (entry?.isIntersecting) void fetchNextPage({ cancelRefetch: false });
      },
      { root: scroller.current, rootMargin: "1200px 0px 0px 0px" },
    );
    observer.observe(top.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  const newestUnsent = outbox.waiting.at(-1)?.key;
  useEffect(() => {
    if (newestUnsent !== undefined) scroller.current?.scrollTo({ top: 0 });
  }, [newestUnsent]);

  if (list.isPending) return <MessagesSkeleton />;
  if (list.isError && list.messages.length === 0)
    return (
      <div className="flex flex-1 items-center">
        <ErrorNotice
          title="The messages could not be read"
          error={list.error}
          onRetry={() => list.refetch()}
        />
      </div>
    );

  return (
    <section
      ref={scroller}
      aria-label="Messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain outline-offset-[-3px]"
    >
      <div className="mx-auto mb-auto w-full max-w-3xl px-4 pb-6 sm:px-6">
        {/* Scroll anchoring must hold on to a message, not to these two. */}
        <div ref={top} className="h-px [overflow-anchor:none]" />
        {isFetchingNextPage ? (
          <p className="animate-late pt-4 text-center [overflow-anchor:none] text-soft text-xs">
            Older messages…
          </p>
        ) : null}
        {isFetchNextPageError ? (
          <ErrorNotice
            title="Older messages could not be read"
            error={list.error}
            onRetry={() => fetchNextPage()}
          />
        ) : null}
        {list.messages.length === 0 && outbox.waiting.length === 0 ? (
          <p className="pt-10 text-center text-sm text-soft">Nothing has been said here yet.</p>
        ) : null}
        <ol>
          {list.messages.map((message, index) => {
            const before = list.messages[index - 1];
            return (
              <li key={message.id} className="[contain-intrinsic-size:auto_4rem] [content-visibility:auto]">
                {startsDay(message, before) ? <DayLine time={message.created_at} /> : null}
                <MessageItem
                  author={message.author}
                  body={message.body}
                  time={message.created_at}
                  isContinued={continues(message, before)}
                />
              </li>
            );
          })}
          {outbox.waiting.map((unsent) => (
            <UnsentItem key={unsent.key} unsent={unsent} onRetry={outbox.retry} onDrop={outbox.drop} />
          ))}
        </ol>
      </div>
    </section>
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

const widths = ["w-2/5", "w-3/5", "w-1/2", "w-4/5", "w-1/3"];

/** The messages while they are on the way. */
function MessagesSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading messages"
      className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden"
    >
      <div className="mx-auto w-full max-w-3xl px-4 pb-6 sm:px-6">
        {widths.map((width) => (
          <div key={width} className="grid grid-cols-[2.25rem_1fr] gap-x-3 pt-5">
            <Skeleton className="size-9 rounded-full!" />
            <div>
              <Skeleton className="mt-1 h-3.5 w-24" />
              <Skeleton className={`mt-2.5 h-3.5 ${width}`} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
