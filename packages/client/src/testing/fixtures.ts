import type { AppRouter } from "@lethe/api";
import type { Chat, Message } from "@lethe/api/schemas";
import { QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { ListInput } from "../cache/chat-lists.ts";
import { createLetheCache, type LetheCache } from "../cache/lethe-cache.ts";
import type { ChatListData, MessageListData } from "../cache/list-data.ts";
import { messageListInput } from "../cache/messages.ts";
import { createLetheClient } from "../create-lethe-client.ts";
import type { LetheClient } from "../make-client.ts";

/** A chat whose activity was `minute` minutes into a day; the id is made of `name`. */
export function chat(name: string, minute: number, changes: Partial<Chat> = {}): Chat {
  return {
    id: `id-${name}`,
    title: name,
    created_at: "2026-01-15T00:00:00.000Z",
    created_by: null,
    updated_at: new Date(Date.UTC(2026, 0, 15, 0, minute)).toISOString(),
    message_count: 0,
    active_connections: 0,
    trashed_at: null,
    trashed_by: null,
    purge_at: null,
    hold: null,
    last_export: null,
    version: 1,
    ...changes,
  };
}

/** A message of a chat made by `chat`. */
export function message(chatName: string, seq: number): Message {
  const created_at = new Date(Date.UTC(2026, 0, 15, 1, seq)).toISOString();
  return {
    id: `m-${seq}`,
    chat_id: `id-${chatName}`,
    seq,
    author: "Ada",
    body: `Message ${seq}`,
    created_at,
  };
}

/** Pages as an infinite query holds them; `more` says that the server has another one. */
export function pages(data: Chat[][], more = false): ChatListData {
  const last = data.length - 1;
  return {
    pages: data.map((chats, index) => ({
      data: chats.map((chat) => ({ last_message: null, ...chat })),
      next_cursor: index < last || more ? `after-${index}` : null,
    })),
    pageParams: data.map((_, index) => (index === 0 ? null : `after-${index - 1}`)),
  };
}

export type Fixture = {
  cache: LetheCache;
  client: LetheClient;
  /** Puts pages under the key of a list; `asked` is what it searches for, or all that it asks for, `state` the trash. */
  setList: (data: ChatListData, asked?: string | ListInput, state?: "trashed") => void;
  titles: (asked?: string | ListInput, state?: "trashed") => string[];
  setMessages: (chatName: string, messages: Message[]) => void;
  seqs: (chatName: string) => number[];
};

/** A real QueryClient with a real client whose server is at `url`. */
export function fixture(url = "http://localhost:9"): Fixture {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const client = createLetheClient({ url, timeout: 1_000 });
  const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
  const cache = createLetheCache(queryClient, trpc);
  const listKey = (asked: string | ListInput = "", state?: "trashed") =>
    trpc.chat.list.infiniteQueryKey({
      limit: 50,
      ...(typeof asked === "string" ? asked && { q: asked } : asked),
      ...(state ? { state } : {}),
    });
  const messagesKey = (name: string) => trpc.message.list.infiniteQueryKey(messageListInput(`id-${name}`));
  return {
    cache,
    client,
    setList: (data, asked, state) => queryClient.setQueryData<ChatListData>(listKey(asked, state), data),
    titles: (asked, state) =>
      queryClient
        .getQueryData<ChatListData>(listKey(asked, state))
        ?.pages.flatMap((page) => page.data.map(({ title }) => title)) ?? [],
    setMessages: (name, messages) =>
      queryClient.setQueryData<MessageListData>(messagesKey(name), {
        pages: [{ data: messages, next_cursor: null }],
        pageParams: [null],
      }),
    seqs: (name) =>
      queryClient
        .getQueryData<MessageListData>(messagesKey(name))
        ?.pages.flatMap((page) => page.data.map(({ seq }) => seq)) ?? [],
  };
}
