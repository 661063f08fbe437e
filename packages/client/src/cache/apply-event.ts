import type { ChangedChat, Chat, Message, TenantEvent } from "@lethe/api/schemas";
import { toLetheError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";
import { lookUpChat, placeInLists, removeFromLists } from "./chat-lists.ts";
import { forgetChats } from "./chat-sets.ts";
import { type LetheCache, refetchStale } from "./lethe-cache.ts";
import { readable, withLastMessage } from "./list-data.ts";
import { addMessage, dropHits } from "./messages.ts";
import { placeOf } from "./moves.ts";

/**
 * Brings the cache up to date with something that happened in the tenant. Applying an event twice, or
 * late, does no harm.
 */
export function applyEvent(cache: LetheCache, event: TenantEvent): void {
  switch (event.type) {
    case "resync":
      refetchStale(cache);
      return;
    case "deletion_job.finished":
      void cache.queryClient.invalidateQueries(cache.trpc.deletionJob.pathFilter());
      return;
    case "deletion.erased":
      return;
    default:
      nowAndAfterFetches(cache, () => apply(cache, event));
  }
}

/** Brings it up to date with what the caller itself has changed, as far as the caller may read that. */
export function applyChange(cache: LetheCache, changed: ChangedChat): void {
  const chat = readable(changed);
  if (chat) applyEvent(cache, { type: "chat.updated", chat });
}

/** The same for deletions that follow each other: with one walk through the cache for all of them. */
export function applyDeletions(cache: LetheCache, events: readonly DeletedEvent[]): void {
  const gone = new Map(events.map((event) => [event.chat_id, event.deleted_at]));
  nowAndAfterFetches(cache, () => forgetChats(cache, gone));
}

type DeletedEvent = Extract<TenantEvent, { type: "chat.deleted" }>;
type Change = Exclude<TenantEvent, { type: "resync" | "deletion.erased" | "deletion_job.finished" }>;

function nowAndAfterFetches(cache: LetheCache, change: () => void): void {
  change();
  // An answer that is under way may have been read before this event: then it is applied to that too.
  const underWay = cache.queryClient
    .getQueryCache()
    .findAll({ ...cache.trpc.pathFilter(), fetchStatus: "fetching" })
    .map((query) => query.promise);
  if (underWay.length > 0) void Promise.allSettled(underWay).then(change);
}

function apply(cache: LetheCache, event: Change): void {
  if (event.type === "message.created") applyMessage(cache, event.message);
  else if (event.type === "chat.deleted") forgetChat(cache, event.chat_id, event.deleted_at);
  else applyChat(cache, event.chat);
}

/**
 * Writes a chat that the server has sent into the cache, unless it is being deleted or is gone. While it
 * is under way to the trash or back, the lists show it where it goes.
 */
export function applyChat(cache: LetheCache, chat: Chat): void {
  if (cache.deletions.isGone(chat.id)) {
    cache.deletions.refresh(chat);
    return;
  }
  if (cache.moves.isOutdated(chat)) return;
  cache.moves.learn(chat);
  const queryKey = cache.trpc.chat.byId.queryKey({ chat_id: chat.id });
  cache.queryClient.setQueryData(queryKey, (known) =>
    known && known.version <= chat.version ? chat : known,
  );
  const goal = cache.moves.goal(chat.id);
  if (goal === undefined || goal === placeOf(chat)) placeInLists(cache, chat);
}

/** Forgets a chat and everything that was read of it. */
export function forgetChat(cache: LetheCache, chatId: string, deletedAt: string | null): void {
  cache.deletions.finish(chatId, deletedAt);
  cache.moves.forget(chatId);
  removeFromLists(cache, chatId);
  dropHits(cache, (id) => id === chatId);
  cache.queryClient.removeQueries({ queryKey: cache.trpc.chat.byId.queryKey({ chat_id: chatId }) });
  cache.queryClient.removeQueries(cache.trpc.message.list.infiniteQueryFilter({ chat_id: chatId }));
  cache.queryClient.removeQueries(cache.trpc.message.list.queryFilter({ chat_id: chatId }));
}

function applyMessage(cache: LetheCache, message: Message): void {
  addMessage(cache, message);
  const { chat } = lookUpChat(cache, message.chat_id);
  if (!chat) readChat(cache, message);
  else if (chat.message_count > message.seq) placeInLists(cache, chat);
  else if (chat.message_count === message.seq) placeInLists(cache, withLastMessage(chat, message));
  else {
    const isNewer = Date.parse(message.created_at) > Date.parse(chat.updated_at);
    const updated_at = isNewer ? message.created_at : chat.updated_at;
    const changed = { ...chat, message_count: message.seq, updated_at, version: chat.version + 1 };
    applyChat(cache, withLastMessage(changed, message));
  }
}

/** A chat that no page has yet, and in which something was said, is read, so that it can be put where it now belongs. */
function readChat(cache: LetheCache, message: Message): void {
  const chatId = message.chat_id;
  if (cache.deletions.isGone(chatId)) return;
  cache.queryClient
    .fetchQuery({ ...cache.trpc.chat.byId.queryOptions({ chat_id: chatId }), retry: false })
    .then((chat) =>
      applyChat(cache, chat.message_count === message.seq ? withLastMessage(chat, message) : chat),
    )
    // A list that lacks a row is put right by the next fetch; a chat that is gone needs none.
    .catch(() => undefined);
}

/** After a failure the truth is the server's: it may have acted and lost its answer. */
export async function checkChat(cache: LetheCache, client: LetheClient, chatId: string): Promise<void> {
  try {
    applyChat(cache, await client.chat.byId.query({ chat_id: chatId }));
  } catch (cause) {
    if (toLetheError(cause).reason === "chat_not_found") forgetChat(cache, chatId, null);
  }
}
