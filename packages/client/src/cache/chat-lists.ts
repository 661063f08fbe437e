import type { Chat } from "@lethe/api/schemas";
import { foldText } from "@lethe/text";
import type { Query } from "@tanstack/react-query";
import type { LetheCache } from "./lethe-cache.ts";
import { type ChatListData, findChat, placeChat, withoutChats } from "./list-data.ts";
import { type Place, placeOf } from "./moves.ts";

type ListQuery = { query: Query; data: ChatListData; search: string; place: Place };

/** Every cached infinite list of chats that has data. */
export function chatLists({ queryClient, trpc }: LetheCache): ListQuery[] {
  const queryKey = trpc.chat.list.infiniteQueryKey();
  return queryClient
    .getQueryCache()
    .findAll({ queryKey })
    .flatMap((query) => {
      const data = queryClient.getQueryData<ChatListData>(query.queryKey);
      const { q = "", state } = inputOf(query);
      return data ? [{ query, data, search: q, place: state === "trashed" ? "trashed" : "active" }] : [];
    });
}

/** What the cache knows of a chat, and the lists that show it. */
export function lookUpChat(cache: LetheCache, chatId: string) {
  const lists = new Set<string>();
  let chat = cache.queryClient.getQueryData(cache.trpc.chat.byId.queryKey({ chat_id: chatId }));
  const moved = cache.moves.known(chatId);
  if (moved && (!chat || moved.version > chat.version)) chat = moved;
  for (const { query, data } of chatLists(cache)) {
    const found = findChat(data, chatId);
    if (!found) continue;
    lists.add(query.queryHash);
    if (!chat || found.version > chat.version) chat = found;
  }
  return { chat, lists };
}

/** Takes a chat out of every list. */
export function removeFromLists(cache: LetheCache, chatId: string): void {
  for (const { query, data } of chatLists(cache))
    cache.queryClient.setQueryData(
      query.queryKey,
      withoutChats(data, ({ id }) => id === chatId),
    );
}

/**
 * Puts a chat at its sorted place in every list that it belongs to, unless the list has a newer version.
 *
 * @param had hashes of lists that it was taken from: there it returns even behind the last loaded page
 */
export function placeInLists(cache: LetheCache, chat: Chat, had?: ReadonlySet<string>): void {
  for (const { query, data, search, place } of chatLists(cache)) {
    const known = findChat(data, chat.id);
    if (known && known.version > chat.version) continue;
    const keep = had?.has(query.queryHash) ?? false;
    const belongs = belongsIn({ search, place }, chat, keep);
    if (!belongs && !known) continue;
    const after = belongs ? placeChat(data, chat, keep) : withoutChats(data, ({ id }) => id === chat.id);
    cache.queryClient.setQueryData(query.queryKey, after);
  }
}

/** Whether a list shows a chat. `keep`: whatever it is searched for, because it had the chat before. */
export function belongsIn(
  { search, place }: Pick<ListQuery, "search" | "place">,
  chat: Chat,
  keep: boolean,
): boolean {
  return place === placeOf(chat) && (keep || matches(chat, search));
}

function matches(chat: Chat, search: string): boolean {
  return foldText(chat.title).includes(foldText(search));
}

function inputOf(query: Query): { q?: string; state?: string } {
  const options: unknown = query.queryKey[1];
  if (typeof options !== "object" || options === null || !("input" in options)) return {};
  const input = options.input;
  if (typeof input !== "object" || input === null) return {};
  return {
    ...("q" in input && typeof input.q === "string" ? { q: input.q } : {}),
    ...("state" in input && typeof input.state === "string" ? { state: input.state } : {}),
  };
}
