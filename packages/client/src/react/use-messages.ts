"use client";

import type { MessagePage } from "@lethe/api/schemas";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { messageListInput } from "../cache/messages.ts";
import { useLethe } from "./lethe-provider.tsx";

/** Where in a chat reading began: at one of its ends, or at a message. Pages lead from there to what is before and after. */
export type ReadFrom = "newest" | "oldest" | number;

/** Messages that are read before the one at which reading begins, so that it stands among others; half a page. */
const around = 25;

/**
 * The messages of a chat from old to new, as far as they have been read from where reading began; `older` and `newer` read
 * on. What is said meanwhile is added where `useLiveChat` or `useTenantEvents` hears of it.
 *
 * @param from where reading begins: default the newest messages; null: not yet
 */
export function useMessages(chatId: string, from: ReadFrom | null = "newest") {
  const { trpc } = useLethe();
  const input = messageListInput(chatId);
  const isInside = typeof from === "number";
  const first = isInside ? Math.max(1, from - around) : 1;
  const getNextPageParam = (page: MessagePage) => page.next_cursor;
  const main = useInfiniteQuery(
    trpc.message.list.infiniteQueryOptions(
      from === "newest" ? input : { ...input, order: "oldest_first", from_seq: first },
      {
        getNextPageParam,
        // Events tell of newer ones. What is read from elsewhere on ends where reading goes on from the newest.
        staleTime: from === "newest" ? Number.POSITIVE_INFINITY : 0,
        enabled: from !== null,
      },
    ),
  );
  const before = useInfiniteQuery(
    trpc.message.list.infiniteQueryOptions(
      { ...input, from_seq: Math.max(1, first - 1) },
      { getNextPageParam, staleTime: 0, enabled: first > 1 },
    ),
  );
  const messages = useMemo(() => {
    const all = main.data?.pages.flatMap((page) => page.data) ?? [];
    if (from === "newest") return all.reverse();
    const older = first > 1 ? (before.data?.pages.flatMap((page) => page.data) ?? []) : [];
    return [...older.reverse(), ...all];
  }, [main.data, before.data, from, first]);
  const older = from === "newest" ? wayOn(main) : first > 1 ? wayOn(before) : noWay;
  const newer = from === "newest" ? noWay : wayOn(main);
  return {
    messages,
    isPending: main.isPending || (first > 1 && before.isPending),
    error: main.error ?? before.error,
    refetch: () => Promise.all([main.refetch(), first > 1 && before.refetch()]),
    older,
    newer,
  };
}

/** Further messages in one direction. */
export type WayOn = { hasMore: boolean; isFetching: boolean; isError: boolean; fetchMore: () => void };

const noWay: WayOn = { hasMore: false, isFetching: false, isError: false, fetchMore: () => undefined };

const wayOn = (query: {
  hasNextPage: boolean;
  isFetching: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: (options: { cancelRefetch: boolean }) => unknown;
}): WayOn => ({
  hasMore: query.hasNextPage,
  isFetching: query.isFetching,
  isError: query.isFetchNextPageError,
  // A further page must not interrupt the messages when they are read again.
  fetchMore: () => void query.fetchNextPage({ cancelRefetch: false }),
});
