"use client";

import { ArrowDownToLine, ArrowUpToLine } from "lucide-react";
import { useRef, useState } from "react";
import { ErrorNotice } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { plural } from "@/lib/format.ts";
import { type MessageListProps, MessageRows, type Place, type Ways } from "./message-rows.tsx";

/**
 * The messages from old to new, opened at the newest. However many there are, only those in sight are in the page. Home goes
 * to the first message and End to the last, from anywhere.
 */
export function MessageList(props: MessageListProps) {
  const { list, outbox, from, at, asked } = props;
  const { older, newer } = list;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const ways = useRef<Ways>(null);
  const [place, setPlace] = useState<Place>({ isAtStart: true, isAtEnd: true, unseen: 0 });

  function body() {
    if (list.isPending) return <MessagesSkeleton />;
    if (list.error && list.messages.length === 0)
      return (
        <div className="my-auto">
          <ErrorNotice
            title="The messages could not be read"
            error={list.error}
            onRetry={() => list.refetch()}
          />
        </div>
      );
    if (list.messages.length === 0 && outbox.waiting.length === 0)
      return <p className="pt-10 text-center text-sm text-soft">Nothing has been said here yet.</p>;
    return scroller ? (
      <MessageRows
        key={`${from} ${at} ${asked}`}
        {...props}
        scroller={scroller}
        ways={ways}
        onPlace={setPlace}
      />
    ) : null;
  }

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <section
        ref={setScroller}
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget || (event.key !== "Home" && event.key !== "End")) return;
          event.preventDefault();
          if (event.key === "Home") ways.current?.toStart();
          else ways.current?.toEnd();
        }}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain outline-offset-[-3px]"
      >
        {(older.isError || newer.isError) && list.messages.length > 0 ? (
          <ErrorNotice
            title={older.isError ? "Older messages could not be read" : "Later messages could not be read"}
            error={list.error}
            onRetry={(older.isError ? older : newer).fetchMore}
          />
        ) : null}
        {body()}
      </section>
      <Jumps place={place} onStart={() => ways.current?.toStart()} onEnd={() => ways.current?.toEnd()} />
    </div>
  );
}

/** The ways to both ends, while one does not read the newest. */
function Jumps({ place, onStart, onEnd }: { place: Place; onStart: () => void; onEnd: () => void }) {
  if (place.isAtEnd) return null;
  return (
    <div className="absolute right-4 bottom-3 flex gap-1.5 [&>button]:shadow-black/10 [&>button]:shadow-md">
      {place.isAtStart ? null : (
        <Button size="icon" aria-label="To the beginning" title="To the beginning" onClick={onStart}>
          <ArrowUpToLine aria-hidden="true" />
        </Button>
      )}
      <Button onClick={onEnd}>
        <ArrowDownToLine aria-hidden="true" />
        {place.unseen > 0 ? plural(place.unseen, "new message") : "Newest"}
      </Button>
    </div>
  );
}

const widths = ["w-2/5", "w-3/5", "w-1/2", "w-4/5", "w-1/3"];

/** The messages while they are on the way. */
function MessagesSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading messages"
      className="flex min-h-full flex-col justify-end overflow-hidden"
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
