import type { ChatPage, MessagePage } from "@lethe/api/schemas";
import type { InfiniteData } from "@tanstack/react-query";

/** What TanStack Query caches for an infinite list of chats: pages, newest activity first. */
export type ChatListData = InfiniteData<ChatPage, string | null>;
/** What TanStack Query caches for the messages of a chat. */
export type MessageListData = InfiniteData<MessagePage, string | null>;
