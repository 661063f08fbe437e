import type { Message, MessagePage } from "@lethe/api/schemas";
import type { LetheClient } from "../make-client.ts";
import type { LetheCache } from "./lethe-cache.ts";
import type { HitListData, MessageListData } from "./list-data.ts";

/** The query input under which `useMessages` of this package caches a chat's messages. */
export function messageListInput(chatId: string) {
  return { chat_id: chatId, limit: 50, order: "newest_first" } as const;
}

/** Adds a message to pages that run from new to old. Same object if it is there already. */
export function placeMessage(data: MessageListData, message: Message): MessageListData {
  const [first, ...others] = data.pages;
  if (!first || data.pages.some((page) => page.data.some((known) => known.seq === message.seq))) return data;
  const at = first.data.findIndex((known) => known.seq < message.seq);
  if (at === -1 && first.data.length > 0) return data;
  const messages = first.data.toSpliced(Math.max(at, 0), 0, message);
  return { ...data, pages: [{ ...first, data: messages }, ...others] };
}

/** True if the newest message in the cache is not the one before `seq`: something was missed. */
export function hasGapBefore(data: MessageListData, seq: number): boolean {
  const newest = data.pages[0]?.data[0]?.seq ?? 0;
  return seq > newest + 1;
}

/** Writes a message into the cached page of its chat, and asks for the page anew where some were missed. */
export function addMessage({ queryClient, trpc }: LetheCache, message: Message): void {
  const queryKey = trpc.message.list.infiniteQueryKey(messageListInput(message.chat_id));
  const data = queryClient.getQueryData<MessageListData>(queryKey);
  if (!data) return;
  if (hasGapBefore(data, message.seq)) void queryClient.invalidateQueries({ queryKey });
  queryClient.setQueryData<MessageListData>(queryKey, placeMessage(data, message));
}

/** Takes what was found in messages of chats that are gone out of every search. */
export function dropHits({ queryClient, trpc }: LetheCache, isGone: (chatId: string) => boolean): void {
  queryClient.setQueriesData<HitListData>({ queryKey: trpc.message.search.infiniteQueryKey() }, (found) => {
    const pages = found?.pages.map((page) => ({
      ...page,
      data: page.data.filter(({ chat_id }) => !isGone(chat_id)),
    }));
    return found && pages && { ...found, pages };
  });
}

/**
 * Reads the newest page of a chat's messages and joins it to those that are cached, after a connection was lost. However many
 * are cached, it is one call. Where more was missed than a page holds, only that page is left: older ones follow as one reads.
 * Does nothing where no messages are cached. Throws what the call throws.
 */
export async function catchUpMessages(
  { queryClient, trpc }: LetheCache,
  client: LetheClient,
  chatId: string,
): Promise<void> {
  const input = messageListInput(chatId);
  const queryKey = trpc.message.list.infiniteQueryKey(input);
  if (!queryClient.getQueryData(queryKey)) return;
  const newest = await client.message.list.query(input);
  queryClient.setQueryData<MessageListData>(queryKey, (data) => data && joinNewest(data, newest));
}

/** Pages that run from new to old, with what the newest page has beyond them. */
export function joinNewest(data: MessageListData, newest: MessagePage): MessageListData {
  const oldest = newest.data.at(-1);
  if (oldest && newest.next_cursor !== null && hasGapBefore(data, oldest.seq))
    return { pages: [newest], pageParams: data.pageParams.slice(0, 1) };
  return newest.data.toReversed().reduce(placeMessage, data);
}
