"use client";

import type { RouterInputs } from "@lethe/api";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLethe } from "./lethe-provider.tsx";

/** How often a list of what is live is read again, which no event tells of; milliseconds. */
const liveMs = 10_000;

/** The first rows of all chats, the last used first. */
const allChats = { limit: 50 } as const;

/**
 * The chats that a list asks for, page after page: `chats` are the rows that were read so far, `fetchNextPage` reads more. The
 * rest is what TanStack Query's `useInfiniteQuery` answers. While another list is read the last one stays.
 *
 * @param input which chats and in which order, as `chat.list` takes it; `{ state: "trashed" }` is the trash
 */
export function useChats(input: RouterInputs["chat"]["list"] = allChats) {
  const { trpc } = useLethe();
  const query = useInfiniteQuery(
    trpc.chat.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.next_cursor,
      placeholderData: keepPreviousData,
      refetchInterval: input.live === undefined ? false : liveMs,
    }),
  );
  const chats = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return { ...query, chats };
}
