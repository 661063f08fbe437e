"use client";

import { useLethe } from "@lethe/client/react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

/** The chats whose titles contain `search`, newest activity first, page after page. */
export function useChatList(search: string) {
  const { trpc } = useLethe();
  const input = search ? { limit: 50, q: search } : { limit: 50 };
  const query = useInfiniteQuery(
    trpc.chat.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.next_cursor,
      placeholderData: keepPreviousData,
    }),
  );
  const chats = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return { ...query, chats };
}

/** The chats in the trash, the last that came into it first, page after page. */
export function useTrashList() {
  const { trpc } = useLethe();
  const query = useInfiniteQuery(
    trpc.chat.list.infiniteQueryOptions(
      { limit: 50, state: "trashed" },
      { getNextPageParam: (page) => page.next_cursor },
    ),
  );
  const chats = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return { ...query, chats };
}
