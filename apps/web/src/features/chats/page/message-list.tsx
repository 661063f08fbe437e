"use client";

import type { Message } from "@lethe/api/schemas";
import { useEffect, useRef } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { MessageItem } from "./message-item.tsx";
import { MessagesSkeleton } from "./messages-skeleton.tsx";
import { UnsentItem } from "./unsent-item.tsx";
import type { useMessages } from "./use-messages.ts";
import type { useOutbox } from "./use-outbox.ts";

const day = new Intl.DateTimeFormat("en", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
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
        // Messages that are being read anew must not be kept from it by a further page.
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
        {/* The browser holds on to what is read, which must not be these two. */}
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
      {day.format(new Date(time))}
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
