import type { AppRouter } from "@lethe/api";
import { type QueryClient, replaceEqualDeep } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { ChatListData } from "../wire.ts";
import { withoutChats } from "./chat-list-data.ts";
import { Deletions } from "./deletions.ts";

/** What the cache functions work on. */
export type LetheCache = {
  queryClient: QueryClient;
  trpc: TRPCOptionsProxy<AppRouter>;
  deletions: Deletions;
};

/**
 * Joins a QueryClient to the registry of deletions. From here on no list can show a chat that is being
 * deleted or is gone: not by a refetch, not by an answer that was under way, not by an event.
 */
export function createLetheCache(queryClient: QueryClient, trpc: TRPCOptionsProxy<AppRouter>): LetheCache {
  const deletions = Deletions.of(queryClient);
  // Every write into a query passes here, whoever makes it.
  queryClient.setQueryDefaults(trpc.chat.list.infiniteQueryKey(), {
    structuralSharing: (before, after) =>
      replaceEqualDeep(before, isChatListData(after) ? withoutChats(after, deletions.isGone) : after),
  });
  return { queryClient, trpc, deletions };
}

function isChatListData(data: unknown): data is ChatListData {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages);
}
