import { toLetheError } from "../lethe-error.ts";
import { releaseOwnConnections } from "../live/own-connections.ts";
import type { LetheClient } from "../make-client.ts";
import { forgetChats, lookUpChats, placeSetInLists, removeSetFromLists } from "./chat-sets.ts";
import { type LetheCache, refetchStale } from "./lethe-cache.ts";
/** A chat of a set that was not deleted. */
export type NotDeleted = {
  chatId: string;
  /** As it was known here; undefined if no query had the chat. */
  title: string | undefined;
  /** `failed`: the database gave up on it; asking again is safe. `changed`: it is not what was exported. */
  outcome: "active_connections" | "on_hold" | "changed" | "failed";
  /** How many live connections it has; 0 if they are not the reason. */
  activeConnections: number;
};

/** What the deletion of a set comes to. */
export type DeletedSet = {
  /** How many were deleted. */
  deleted: number;
  /** How many were gone before: that is what the caller wanted, so it is no failure. */
  alreadyGone: number;
  /** Messages that went with them. */
  messages: number;
  failures: NotDeleted[];
};

export type BulkDeleteOptions = {
  /** Closes live connections instead of leaving their chats. */
  force?: boolean;
  /** Only chats that were exported after this time (RFC 3339), and are still what was exported. */
  exportedAfter?: string;
  /** Awaited for every chat before the server is asked; see `deleteChat`. */
  beforeDelete?: ((chatId: string) => Promise<void>) | undefined;
};

/**
 * Deletes up to 1,000 chats: all at once out of every cached list, and those that the server refuses, they
 * alone, back at their places. Every chat is deleted completely or not at all; the set is not.
 *
 * @throws LetheClientError if there was no answer; then all are back, until it is known what became of them
 */
export async function bulkDelete(
  cache: LetheCache,
  client: LetheClient,
  chatIds: readonly string[],
  options: BulkDeleteOptions = {},
): Promise<DeletedSet> {
  const ids = [...new Set(chatIds)].filter((id) => !cache.deletions.isGone(id));
  if (ids.length === 0) return { deleted: 0, alreadyGone: chatIds.length, messages: 0, failures: [] };
  const titles = hideChats(cache, ids);
  try {
    await Promise.all(ids.map(releaseOwnConnections));
    await Promise.all(ids.map((id) => options.beforeDelete?.(id)));
    const answer = await client.chat.bulkDelete.mutate({
      chat_ids: ids,
      force: options.force ?? false,
      ...(options.exportedAfter !== undefined && { exported_after: options.exportedAfter }),
    });
    if ("dry_run" in answer) throw new TypeError("The server has only tried what it was asked to do");
    const { data, counts } = answer;
    const gone = new Map<string, string | null>();
    const failures: NotDeleted[] = [];
    let messages = 0;
    for (const { chat_id: chatId, outcome, ...facts } of data) {
      messages += facts.message_count ?? 0;
      if (outcome === "deleted" || outcome === "not_found") gone.set(chatId, facts.deleted_at ?? null);
      else {
        const activeConnections = facts.active_connections ?? 0;
        failures.push({ chatId, title: titles.get(chatId), outcome, activeConnections });
      }
    }
    forgetChats(cache, gone);
    showChatsAgain(cache, ids);
    return { deleted: counts.deleted, alreadyGone: counts.not_found, messages, failures };
  } catch (cause) {
    showChatsAgain(cache, ids);
    // The server may have deleted some and lost its answer: the lists are read again.
    refetchStale(cache);
    throw toLetheError(cause);
  }
}

/** Takes chats out of sight until their deletion has an outcome. Answers their titles. */
function hideChats(cache: LetheCache, ids: readonly string[]): Map<string, string | undefined> {
  const shown = lookUpChats(cache, ids);
  cache.deletions.together(() => {
    for (const [id, { chat, lists }] of shown) cache.deletions.start(id, chat, lists);
  });
  removeSetFromLists(cache, new Set(ids));
  return new Map([...shown].map(([id, { chat }]) => [id, chat?.title]));
}

/** Brings back those of them whose deletion is still open. */
function showChatsAgain(cache: LetheCache, ids: readonly string[]): void {
  const back = cache.deletions.together(() => ids.flatMap((id) => cache.deletions.giveBack(id) ?? []));
  if (back.length > 0) placeSetInLists(cache, back);
}
