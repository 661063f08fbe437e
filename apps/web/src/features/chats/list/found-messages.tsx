"use client";

import type { MessageHit } from "@lethe/api/schemas";
import { useIsListed, useLethe } from "@lethe/client/react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { ErrorNotice } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn, Skeleton } from "@/components/ui/controls.tsx";
import { showMessage } from "../page/shown-message.ts";
import { NoMatch } from "./no-rows.tsx";

type FoundMessagesProps = {
  search: string;
  /** Whether titles have what is searched for, too; undefined while that is not known. */
  hasTitles: boolean | undefined;
  onClear: () => void;
};

/** Under the chats whose titles have what is searched for: the messages that have it, each with the place. */
export function FoundMessages({ search, hasTitles, onClear }: FoundMessagesProps) {
  const list = useFoundMessages(search);
  const { hits } = list;
  if (list.isError && hits.length === 0)
    return (
      <ErrorNotice title="Messages could not be searched" error={list.error} onRetry={() => list.refetch()} />
    );
  const isLooking = list.isPending || (hits.length === 0 && list.hasNextPage);
  if (hits.length === 0 && !isLooking && hasTitles === false)
    return <NoMatch search={search} isComplete={list.isComplete} onClear={onClear} />;
  return (
    <section
      aria-label="Messages found"
      data-hits={hits.length > 0 || isLooking ? "" : undefined}
      className={cn("flex min-h-0 flex-col", hasTitles !== false && "border-t")}
    >
      <h2 className="px-5 pt-2.5 pb-1.5 font-medium text-soft text-xs">
        {isLooking ? "Looking into messages…" : hits.length === 0 ? "In no message" : "In messages"}
      </h2>
      {isLooking && list.isPending ? <HitSkeletons /> : null}
      <ul
        onKeyDown={moveBetween}
        className={cn(
          "min-h-0 overflow-y-auto overscroll-contain px-2 pb-3",
          list.isPlaceholderData && "opacity-60",
        )}
      >
        {hits.map((hit) => (
          <li key={hit.id}>
            <Hit hit={hit} />
          </li>
        ))}
        {list.hasNextPage ? (
          <li className="px-2 pt-2">
            <Button size="sm" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              {list.isFetchingNextPage ? "Looking…" : "Older messages"}
            </Button>
          </li>
        ) : null}
        {list.isComplete ? null : (
          <li className="px-2 pt-2 text-soft text-xs">Older messages are still being made searchable.</li>
        )}
      </ul>
    </section>
  );
}

/** The messages that have all words of `search`, newest first, without those of chats that are gone or in the Trash. */
function useFoundMessages(search: string) {
  const { trpc } = useLethe();
  const query = useInfiniteQuery(
    trpc.message.search.infiniteQueryOptions(
      { q: search, limit: 20 },
      { getNextPageParam: (page) => page.next_cursor, placeholderData: keepPreviousData },
    ),
  );
  const isListed = useIsListed();
  const hits = useMemo(
    () => query.data?.pages.flatMap((page) => page.data.filter(({ chat_id }) => isListed(chat_id))) ?? [],
    [query.data, isListed],
  );
  const isComplete = query.data?.pages.at(-1)?.complete ?? true;
  return { ...query, hits, isComplete };
}

function Hit({ hit }: { hit: MessageHit }) {
  return (
    <Link
      href={`/chats/${hit.chat_id}?at=${hit.seq}`}
      prefetch={false}
      onClick={() => showMessage(hit.chat_id, hit.seq)}
      className="block rounded-xl px-3 py-2 transition-colors hover:bg-hover focus-visible:outline-offset-[-2px]"
    >
      <span className="flex items-baseline gap-2">
        <bdi className="min-w-0 flex-1 truncate font-medium text-sm leading-5">{hit.chat_title}</bdi>
        <span className="shrink-0 text-soft text-xs">
          <TimeAgo time={hit.created_at} />
        </span>
      </span>
      <span dir="auto" className="mt-0.5 line-clamp-2 break-words text-start text-[0.8125rem] leading-5">
        <bdi className="text-soft">{hit.author}:</bdi> <Excerpt hit={hit} />
      </span>
    </Link>
  );
}

/** Characters before the first mark that fit into a row and leave the mark in it. */
const before = 28;

/** What was said around the first place in which something is found, with the places marked. */
function Excerpt({ hit: { excerpt, marks } }: { hit: MessageHit }) {
  const first = marks[0]?.start ?? 0;
  const from = first > before ? beginningAfter(excerpt, first - before, first) : 0;
  const parts: ReactNode[] = [from > 0 ? "…" : ""];
  let at = from;
  for (const { start, end } of marks) {
    parts.push(excerpt.slice(at, start), <Marked key={start}>{excerpt.slice(start, end)}</Marked>);
    at = end;
  }
  parts.push(excerpt.slice(at));
  return parts;
}

function Marked({ children }: { children: ReactNode }) {
  return <mark className="rounded-xs bg-river/20 font-medium text-ink">{children}</mark>;
}

/** Where the next word begins, or, if none does before `end`, the next character. */
function beginningAfter(text: string, at: number, end: number): number {
  const space = text.indexOf(" ", at);
  if (space !== -1 && space < end) return space + 1;
  return (text.codePointAt(at - 1) ?? 0) > 0xffff ? at + 1 : at;
}

/** Up and down go from one message to the next. */
function moveBetween(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const target = links[links.findIndex((link) => link.matches(":focus")) + step];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function HitSkeletons() {
  return (
    <div className="space-y-4 px-5 pt-2">
      {["w-3/5", "w-2/5", "w-1/2"].map((width) => (
        <div key={width} className="space-y-2">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3 w-4/5" />
        </div>
      ))}
    </div>
  );
}
