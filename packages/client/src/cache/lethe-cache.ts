import type { AppRouter } from "@lethe/api";
import type { Chat } from "@lethe/api/schemas";
import { type QueryClient, replaceEqualDeep } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { isWorthRepeating } from "../lethe-error.ts";
import { Deletions } from "./deletions.ts";
import { type ChatListData, withoutChats } from "./list-data.ts";
import { Moves } from "./moves.ts";

/** What the cache functions work on. */
export type LetheCache = {
  queryClient: QueryClient;
  trpc: TRPCOptionsProxy<AppRouter>;
  deletions: Deletions;
  moves: Moves;
};

/**
 * Joins a QueryClient to the registries of deletions and moves. From here on no list can show a chat that
 * is being deleted or is gone, or that has left it for the trash or for the other chats: not by a refetch,
 * not by an answer that was under way, not by an event.
 */
export function createLetheCache(queryClient: QueryClient, trpc: TRPCOptionsProxy<AppRouter>): LetheCache {
  const deletions = Deletions.of(queryClient);
  const moves = Moves.of(queryClient);
  const isHidden = (chat: Chat) => deletions.isGone(chat.id) || moves.isMisplaced(chat);
  // An application may have decided already how often its queries are repeated.
  if (queryClient.getDefaultOptions().queries?.retry === undefined)
    queryClient.setQueryDefaults(trpc.pathKey(), {
      retry: (failures, error) => failures < 3 && isWorthRepeating(error),
    });
  // Every write into a query passes here, whoever makes it.
  queryClient.setQueryDefaults(trpc.chat.list.infiniteQueryKey(), {
    structuralSharing: (before, after) =>
      replaceEqualDeep(before, isChatListData(after) ? withoutChats(after, isHidden) : after),
  });
  return { queryClient, trpc, deletions, moves };
}

function isChatListData(data: unknown): data is ChatListData {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages);
}

/**
 * Reads again what was read, or asked for, before this moment. A query under way is waited for: its
 * answer may be older than the event that it missed.
 */
export function refetchStale({ queryClient, trpc }: LetheCache): void {
  for (const query of queryClient.getQueryCache().findAll(trpc.pathFilter())) {
    const again = () => void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true });
    if (query.state.fetchStatus === "idle") again();
    else query.promise?.then(again, again);
  }
}
