import type { RouterInputs } from "@lethe/api";
import type { Chat } from "@lethe/api/schemas";
import { foldText } from "@lethe/text";
import type { Query } from "@tanstack/react-query";
import type { LetheCache } from "./lethe-cache.ts";
import { type ChatListData, findChat, placeChat, withoutChats } from "./list-data.ts";
import { newer, type Place, placeOf } from "./moves.ts";

/** What a list asks the server for. */
export type ListInput = RouterInputs["chat"]["list"];
type ListQuery = { query: Query; data: ChatListData; input: ListInput };

/** Every cached infinite list of chats that has data. */
export function chatLists({ queryClient, trpc }: LetheCache): ListQuery[] {
  const queryKey = trpc.chat.list.infiniteQueryKey();
  return queryClient
    .getQueryCache()
    .findAll({ queryKey })
    .flatMap((query) => {
      const data = queryClient.getQueryData<ChatListData>(query.queryKey);
      return data ? [{ query, data, input: inputOf(query) }] : [];
    });
}

/** What the cache knows of a chat, and the lists that show it. */
export function lookUpChat(cache: LetheCache, chatId: string) {
  const lists = new Set<string>();
  let chat = cache.queryClient.getQueryData(cache.trpc.chat.byId.queryKey({ chat_id: chatId }));
  chat = newer(chat, cache.moves.known(chatId));
  for (const { query, data } of chatLists(cache)) {
    const found = findChat(data, chatId);
    if (!found) continue;
    lists.add(query.queryHash);
    chat = newer(chat, found);
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
  for (const { query, data, input } of chatLists(cache)) {
    const known = findChat(data, chat.id);
    if (known && known.version > chat.version) continue;
    const keep = had?.has(query.queryHash) ?? false;
    const belongs = belongsIn(input, chat, keep);
    if (!belongs && !known) continue;
    const after = belongs
      ? placeChat(data, chat, { ...input, keep })
      : withoutChats(data, ({ id }) => id === chat.id);
    cache.queryClient.setQueryData(query.queryKey, after);
  }
}

/** Whether a list shows a chat. `keep`: whatever it asks for, because it had the chat before. */
export function belongsIn(input: ListInput, chat: Chat, keep: boolean): boolean {
  const place: Place = input.state === "trashed" ? "trashed" : "active";
  return place === placeOf(chat) && (keep || meetsCriteria(chat, input));
}

/** Whether a chat meets every criterion of a list, as the server sees it. */
export function meetsCriteria(chat: Chat, input: ListInput): boolean {
  const { q = "", held, live, created_by, trashed_by, min_messages = 0, max_messages = Infinity } = input;
  return (
    foldText(chat.title).includes(foldText(q)) &&
    isWithin(chat.created_at, input.created_after, input.created_before) &&
    isWithin(chat.updated_at, input.updated_after, input.updated_before) &&
    chat.message_count >= min_messages &&
    chat.message_count <= max_messages &&
    (held === undefined || held === (chat.hold !== null)) &&
    (live === undefined || live === chat.active_connections > 0) &&
    (created_by === undefined || created_by === chat.created_by?.id) &&
    (trashed_by === undefined || trashed_by === chat.trashed_by?.id)
  );
}

/** Strictly after, strictly before. */
function isWithin(time: string, after: string | undefined, before: string | undefined): boolean {
  const at = Date.parse(time);
  return (after === undefined || at > Date.parse(after)) && (before === undefined || at < Date.parse(before));
}

function inputOf(query: Query): ListInput {
  const options: unknown = query.queryKey[1];
  return typeof options === "object" && options !== null && "input" in options && isInput(options.input)
    ? options.input
    : {};
}

/** Every key of a list is made by tRPC, of an input that its type allows. */
const isInput = (input: unknown): input is ListInput => typeof input === "object" && input !== null;
