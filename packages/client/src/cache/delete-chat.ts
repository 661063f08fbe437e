import { toLetheError } from "../lethe-error.ts";
import { releaseOwnConnections } from "../live/own-connections.ts";
import type { LetheClient } from "../make-client.ts";
import { checkChat, forgetChat } from "./apply-event.ts";
import { lookUpChat, placeInLists, removeFromLists } from "./chat-lists.ts";
import type { Deletions } from "./deletions.ts";
import type { LetheCache } from "./lethe-cache.ts";

/** What a deletion comes to. */
export type DeletedChat = {
  chatId: string;
  /** The title as it was known here, for a confirmation; undefined if no query had the chat. */
  title: string | undefined;
  /** True if the chat was gone before this call: that is what the caller wanted, so it is no error. */
  alreadyGone: boolean;
  /** RFC 3339; null if the chat was already gone. */
  deletedAt: string | null;
  /** The row of the deletion ledger; null if the chat was already gone. */
  deletionId: string | null;
  messageCount: number | null;
};

export type DeleteChatOptions = {
  /** Closes live connections instead of refusing while there are some. */
  force?: boolean;
  /** Deletes only if the chat is still at this version; otherwise PRECONDITION_FAILED. */
  ifVersion?: number | undefined;
  /**
   * Awaited after the rows have gone and the connections of `useLiveChat` are closed, and before the server is asked: the
   * place to close a WebSocket of one's own to the chat, for which the deletion would be refused.
   */
  beforeDelete?: ((chatId: string) => Promise<void>) | undefined;
};

const running = new WeakMap<Deletions, Map<string, Promise<DeletedChat>>>();

/**
 * Deletes a chat: out of every cached list at once, back at its place (it alone) if the server refuses.
 * A second call while the first runs joins it.
 *
 * @throws LetheClientError with `code`, `reason`, `activeConnections` and `requestId`
 */
export function deleteChat(
  cache: LetheCache,
  client: LetheClient,
  chatId: string,
  options: DeleteChatOptions = {},
): Promise<DeletedChat> {
  const mine = running.get(cache.deletions) ?? new Map<string, Promise<DeletedChat>>();
  running.set(cache.deletions, mine);
  const known = mine.get(chatId);
  if (known) return known;
  const deletion = run(cache, client, chatId, options).finally(() => mine.delete(chatId));
  mine.set(chatId, deletion);
  return deletion;
}

async function run(
  cache: LetheCache,
  client: LetheClient,
  chatId: string,
  options: DeleteChatOptions,
): Promise<DeletedChat> {
  const title = hideChat(cache, chatId);
  try {
    await releaseOwnConnections(chatId);
    await options.beforeDelete?.(chatId);
    const done = await client.chat.delete.mutate({
      chat_id: chatId,
      force: options.force ?? false,
      ...(options.ifVersion === undefined ? {} : { if_version: options.ifVersion }),
    });
    forgetChat(cache, chatId, done.deleted_at);
    return {
      chatId,
      title,
      alreadyGone: false,
      deletedAt: done.deleted_at,
      deletionId: done.deletion_id,
      messageCount: done.message_count,
    };
  } catch (cause) {
    const error = toLetheError(cause);
    const state = cache.deletions.state(chatId);
    if (error.reason !== "chat_not_found" && state?.status !== "deleted") {
      showChatAgain(cache, chatId);
      void checkChat(cache, client, chatId);
      throw error;
    }
    forgetChat(cache, chatId, null);
    return { chatId, title, alreadyGone: true, deletedAt: null, deletionId: null, messageCount: null };
  }
}

/** Takes a chat out of sight until its deletion has an outcome. Answers its title. */
export function hideChat(cache: LetheCache, chatId: string): string | undefined {
  const { chat, lists } = lookUpChat(cache, chatId);
  cache.deletions.start(chatId, chat, lists);
  void cache.queryClient.cancelQueries({ queryKey: cache.trpc.chat.byId.queryKey({ chat_id: chatId }) });
  removeFromLists(cache, chatId);
  return chat?.title;
}

/** Brings one chat back to its sorted place. Other deletions stay as they are. */
export function showChatAgain(cache: LetheCache, chatId: string): void {
  const held = cache.deletions.giveBack(chatId);
  if (held?.chat) placeInLists(cache, held.chat, held.lists);
}
