"use client";

import type { Message, MessagePage } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { applyEvent, messageListInput, useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

/** Where in a chat reading began: at one of its ends, or at a message. Pages lead from there to what is before and after. */
export type ReadFrom = "newest" | "oldest" | number;

/** Messages that are read before the one at which reading begins, so that it stands among others; half a page. */
const around = 25;

/** The messages of a chat from old to new, as far as they have been read from where reading began; pending until it did. */
export function useMessages(chatId: string, from: ReadFrom | undefined) {
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
        enabled: from !== undefined,
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

/** A message that is on its way, or did not get there. */
export type Unsent = {
  key: number;
  author: string;
  body: string;
  /** The newest message when this one was written. */
  after: number;
  error: LetheClientError | null;
};

/** Sends messages and shows them at once; one that fails stays, with its text, until it is sent or dropped. */
export function useOutbox(chatId: string, messages: Message[], total: number) {
  const lethe = useLethe();
  const [unsent, setUnsent] = useState<Unsent[]>([]);
  const newest = Math.max(messages.at(-1)?.seq ?? 0, total);

  const drop = useCallback((key: number) => setUnsent((all) => all.filter((item) => item.key !== key)), []);

  const post = useCallback(
    async (item: Unsent) => {
      setUnsent((all) => [...all.filter(({ key }) => key !== item.key), { ...item, error: null }]);
      try {
        const { author, body } = item;
        const message = await lethe.client.message.create.mutate({ chat_id: chatId, author, body });
        applyEvent(lethe, { type: "message.created", message });
        drop(item.key);
      } catch (cause) {
        const error = toLetheError(cause);
        setUnsent((all) => all.map((other) => (other.key === item.key ? { ...other, error } : other)));
      }
    },
    [lethe, chatId, drop],
  );

  const send = (author: string, body: string) =>
    void post({ key: performance.now(), author, body, after: newest, error: null });

  // The message can arrive over the WebSocket before the call returns.
  const waiting = unsent.filter(
    (item) =>
      item.error !== null ||
      !messages.some(
        ({ seq, author, body }) => seq > item.after && author === item.author && body === item.body,
      ),
  );
  return { waiting, send, retry: post, drop };
}
