import type { RouterInputs } from "@lethe/api";
import type {
  ChangedChat,
  Chat,
  ChatPage,
  ListedChat,
  Message,
  MessageHitPage,
  MessagePage,
} from "@lethe/api/schemas";
import type { InfiniteData } from "@tanstack/react-query";

/** What TanStack Query caches for an infinite list of chats: pages, in the order of the list. */
export type ChatListData = InfiniteData<ChatPage, string | null>;
/** What TanStack Query caches for the messages of a chat. */
export type MessageListData = InfiniteData<MessagePage, string | null>;
/** What TanStack Query caches for a search in messages. */
export type HitListData = InfiniteData<MessageHitPage, string | null>;

/**
 * A chat as the answer to a change tells it; undefined for a caller who may change chats and not read them. There is
 * nothing to show then, and nothing that belongs into a cache.
 */
export function readable({ title, hold, ...chat }: ChangedChat): Chat | undefined {
  if (title === null) return undefined;
  if (hold === null) return { ...chat, title, hold };
  return hold.reason === null ? undefined : { ...chat, title, hold: { ...hold, reason: hold.reason } };
}

/** How a list is sorted; newest activity first unless it says otherwise. */
type Sorting = Pick<RouterInputs["chat"]["list"], "sort" | "order">;

/**
 * Sorts as the server does: by the last activity, by creation, or by when chats were trashed; ties by id. All chats of a
 * list are in the same state.
 */
function comesBefore(a: Chat, b: Chat, { sort, order }: Sorting): boolean {
  const timeOf = (chat: Chat) =>
    Date.parse(sort === "created" ? chat.created_at : (chat.trashed_at ?? chat.updated_at));
  const [left, right] = order === "oldest_first" ? [b, a] : [a, b];
  return timeOf(left) === timeOf(right) ? left.id > right.id : timeOf(left) > timeOf(right);
}

function mapPages(data: ChatListData, map: (page: ChatPage) => ListedChat[]): ChatListData {
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
export function findChat(data: ChatListData, chatId: string): ListedChat | undefined {
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
 * Puts a chat at its sorted place, out of its old one. A chat that has come to sort behind all loaded pages is left out
 * unless `keep`: the page that has it is loaded later.
 */
export function placeChat(
  data: ChatListData,
  chat: Chat,
  { keep = false, ...sorting }: Sorting & { keep?: boolean } = {},
): ChatListData {
  const row = findChat(data, chat.id);
  const listed = asListed(chat, row);
  const rest = row ? withoutChats(data, ({ id }) => id === chat.id) : data;
  const pageBehind = (one: Chat) =>
    rest.pages.findIndex((page) => page.data.some((other) => comesBefore(one, other, sorting)));
  const last = rest.pages.length - 1;
  const target = pageBehind(chat);
  const wasLast = row !== undefined && pageBehind(row) === -1;
  if (target === -1 && !keep && !wasLast && rest.pages[last]?.next_cursor) return rest;
  const index = target === -1 ? last : target;
  return mapPages(rest, (page) => {
    if (page !== rest.pages[index]) return page.data;
    const at = page.data.findIndex((other) => comesBefore(chat, other, sorting));
    return at === -1 ? [...page.data, listed] : page.data.toSpliced(at, 0, listed);
  });
}

/** What lists show of a message that was said last; the server tells as many characters. */
const excerptLength = 160;

/** A chat with a message that was just said in it as its last. */
export const withLastMessage = (chat: Chat, { seq, author, body, created_at }: Message): ListedChat => ({
  ...chat,
  last_message: { seq, author, excerpt: [...body].slice(0, excerptLength).join(""), created_at },
});

/** A chat as a row. Only lists and messages tell what was said last: until one of them does, it is what was known before. */
export function asListed(chat: Chat, before: Chat | undefined): ListedChat {
  const told = lastMessageOf(chat);
  const known = before ? lastMessageOf(before) : null;
  const last = (told?.seq ?? 0) >= (known?.seq ?? 0) ? told : known;
  return { ...chat, last_message: last };
}

const lastMessageOf = (chat: Chat): ListedChat["last_message"] =>
  hasLastMessage(chat) ? chat.last_message : null;

function hasLastMessage(chat: Chat): chat is ListedChat {
  return "last_message" in chat;
}
