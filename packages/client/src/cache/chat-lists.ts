import type { Chat, ChatPage } from "@lethe/api/schemas";
import { foldText } from "@lethe/text";
import type { Query } from "@tanstack/react-query";
import type { LetheCache } from "./lethe-cache.ts";
import type { ChatListData } from "./list-data.ts";
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

/**
 * Sorts as the server does: newest activity first, or what was trashed last; ties by id from high to low.
 * All chats of a list are in the same state.
 */
function comesBefore(a: Chat, b: Chat): boolean {
  const left = Date.parse(a.trashed_at ?? a.updated_at);
  const right = Date.parse(b.trashed_at ?? b.updated_at);
  return left === right ? a.id > b.id : left > right;
}

function mapPages(data: ChatListData, map: (page: ChatPage) => Chat[]): ChatListData {
  let changed = false;
  const pages = data.pages.map((page) => {
    const chats = map(page);
    if (chats.length === page.data.length && chats.every((chat, index) => chat === page.data[index]))
      return page;
    changed = true;
    return { ...page, data: chats };
  });
  return changed ? { ...data, pages } : data;
}

/** The chat with this id, if a page has it. */
export function findChat(data: ChatListData, chatId: string): Chat | undefined {
  for (const page of data.pages) {
    const chat = page.data.find((candidate) => candidate.id === chatId);
    if (chat) return chat;
  }
  return undefined;
}

/** Takes out every chat that `isGone`, and every second row of one chat. Same object if there is none. */
export function withoutChats(data: ChatListData, isGone: (chat: Chat) => boolean): ChatListData {
  const seen = new Set<string>();
  return mapPages(data, (page) =>
    page.data.filter((chat) => {
      if (isGone(chat) || seen.has(chat.id)) return false;
      seen.add(chat.id);
      return true;
    }),
  );
}

/**
 * Puts a chat at its sorted place, out of its old one. A chat that sorts behind all loaded pages is left
 * out unless `keep`: the page that has it is loaded later.
 */
export function placeChat(data: ChatListData, chat: Chat, keep = false): ChatListData {
  const known = findChat(data, chat.id) !== undefined;
  const rest = known ? withoutChats(data, ({ id }) => id === chat.id) : data;
  const last = rest.pages.length - 1;
  const target = rest.pages.findIndex((page) => page.data.some((other) => comesBefore(chat, other)));
  if (target === -1 && !keep && !known && rest.pages[last]?.next_cursor) return data;
  const index = target === -1 ? last : target;
  return mapPages(rest, (page) => {
    if (page !== rest.pages[index]) return page.data;
    const at = page.data.findIndex((other) => comesBefore(chat, other));
    return at === -1 ? [...page.data, chat] : page.data.toSpliced(at, 0, chat);
  });
}
