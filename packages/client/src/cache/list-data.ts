import type { ChangedChat, Chat, ChatPage, MessagePage } from "@lethe/api/schemas";
import type { InfiniteData } from "@tanstack/react-query";

/** What TanStack Query caches for an infinite list of chats: pages, newest activity first. */
export type ChatListData = InfiniteData<ChatPage, string | null>;
/** What TanStack Query caches for the messages of a chat. */
export type MessageListData = InfiniteData<MessagePage, string | null>;

/**
 * A chat as the answer to a change tells it; undefined for a caller who may change chats and not read them. There is
 * nothing to show then, and nothing that belongs into a cache.
 */
export function readable({ title, hold, ...chat }: ChangedChat): Chat | undefined {
  if (title === null) return undefined;
  if (hold === null) return { ...chat, title, hold };
  return hold.reason === null ? undefined : { ...chat, title, hold: { ...hold, reason: hold.reason } };
}
