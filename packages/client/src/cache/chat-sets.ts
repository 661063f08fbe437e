import type { Chat } from "@lethe/api/schemas";
import type { Query } from "@tanstack/react-query";
import { belongsIn, chatLists } from "./chat-lists.ts";
import type { LetheCache } from "./lethe-cache.ts";
import { findChat, placeChat, withoutChats } from "./list-data.ts";
import { dropHits } from "./messages.ts";
import { newer } from "./moves.ts";

/** What the cache knows of a chat, and the hashes of the lists that show it. */
export type Shown = { chat: Chat | undefined; lists: ReadonlySet<string> };

/** Looks up many chats with one walk through every list. */
export function lookUpChats(cache: LetheCache, chatIds: Iterable<string>): Map<string, Shown> {
  const found = new Map<string, { chat: Chat | undefined; lists: Set<string> }>();
  for (const id of chatIds) {
    const chat = cache.queryClient.getQueryData(cache.trpc.chat.byId.queryKey({ chat_id: id }));
    found.set(id, { chat, lists: new Set() });
  }
  for (const { query, data } of chatLists(cache)) {
    for (const chat of data.pages.flatMap((page) => page.data)) {
      const shown = found.get(chat.id);
      if (!shown) continue;
      shown.lists.add(query.queryHash);
      shown.chat = newer(shown.chat, chat);
    }
  }
  return found;
}

/** Takes chats out of every list, with one write a list. */
export function removeSetFromLists(cache: LetheCache, chatIds: ReadonlySet<string>): void {
  for (const { query, data } of chatLists(cache))
    cache.queryClient.setQueryData(
      query.queryKey,
      withoutChats(data, ({ id }) => chatIds.has(id)),
    );
}

/** Puts chats at their sorted places, with one write a list; see `placeInLists` for one chat. */
export function placeSetInLists(cache: LetheCache, set: Iterable<Shown>): void {
  const all = [...set];
  for (const list of chatLists(cache)) {
    let { data } = list;
    for (const { chat, lists } of all) {
      if (!chat) continue;
      const known = findChat(data, chat.id);
      if (known && known.version > chat.version) continue;
      const had = lists.has(list.query.queryHash);
      if (belongsIn(list.input, chat, had)) data = placeChat(data, chat, { ...list.input, keep: had });
      else if (known) data = withoutChats(data, ({ id }) => id === chat.id);
    }
    if (data !== list.data) cache.queryClient.setQueryData(list.query.queryKey, data);
  }
}

/** Forgets chats and everything that was read of them, with one walk through the cache. */
export function forgetChats(cache: LetheCache, gone: ReadonlyMap<string, string | null>): void {
  cache.deletions.together(() => {
    for (const [chatId, deletedAt] of gone) cache.deletions.finish(chatId, deletedAt);
  });
  for (const chatId of gone.keys()) cache.moves.forget(chatId);
  removeSetFromLists(cache, new Set(gone.keys()));
  dropHits(cache, (id) => gone.has(id));
  const queries = cache.queryClient.getQueryCache();
  for (const query of queries.findAll(cache.trpc.pathFilter())) {
    const chatId = chatIdOf(query);
    if (chatId !== undefined && gone.has(chatId)) queries.remove(query);
  }
}

/** The chat that a query is about; undefined for lists of chats and the like. */
function chatIdOf(query: Query): string | undefined {
  const options: unknown = query.queryKey[1];
  if (typeof options !== "object" || options === null || !("input" in options)) return undefined;
  const input = options.input;
  if (typeof input !== "object" || input === null || !("chat_id" in input)) return undefined;
  return typeof input.chat_id === "string" ? input.chat_id : undefined;
}
