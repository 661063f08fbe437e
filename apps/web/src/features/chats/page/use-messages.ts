"use client";

import { messageListInput, useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

/** The messages of a chat from old to new; more pages lead further back. */
export function useMessages(chatId: string) {
  const { trpc } = useLethe();
  const query = useInfiniteQuery(
    trpc.message.list.infiniteQueryOptions(messageListInput(chatId), {
      getNextPageParam: (page) => page.next_cursor,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const messages = useMemo(
    () => query.data?.pages.flatMap((page) => page.data).reverse() ?? [],
    [query.data],
  );
  return { ...query, messages };
}
