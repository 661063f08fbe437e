import type { ChangedChat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";
import { forgetChats, lookUpChats, placeSetInLists, removeSetFromLists, type Shown } from "./chat-sets.ts";
import { type LetheCache, refetchStale } from "./lethe-cache.ts";
import { readable } from "./list-data.ts";
import { enterTurn, type MovedChat, restored, turnOf } from "./move-chat.ts";
import type { Move, Place } from "./moves.ts";
/** What moving a set of chats into the trash, or out of it, comes to. */
export type MovedSet = {
  /** What was asked for and is so now. */
  moved: string[];
  /** Chats that somebody has deleted for good. */
  gone: string[];
  /** Chats that stayed where they were, because a call failed. */
  failed: string[];
  error: LetheClientError | undefined;
};

/** Chats that one call takes. */
const mostAtOnce = 1_000;

/**
 * Moves chats into the trash or out of it: at once in every cached list, back again if the server refuses.
 * What is asked for last of a chat decides, as in `trashChat` and `restoreChat`. It does not reject.
 */
export async function moveChats(
  cache: LetheCache,
  client: LetheClient,
  chatIds: readonly string[],
  to: Place,
): Promise<MovedSet> {
  const ids = [...new Set(chatIds)].filter((id) => !cache.deletions.isGone(id));
  const before = ids.flatMap((id) => turnOf(cache, id) ?? []);
  const moves = show(cache, ids, to);
  const running = Promise.allSettled(before).then(() => run(cache, client, moves, to));
  for (const [chatId, move] of moves) {
    const title = move.chat?.title;
    const moved = running.then(
      (set): MovedChat => ({ chatId, title, outcome: outcomeOf(set, chatId), chat: undefined }),
    );
    enterTurn(cache, chatId, { move, moved });
  }
  return running;
}

function outcomeOf(set: MovedSet, chatId: string): MovedChat["outcome"] {
  if (set.gone.includes(chatId)) return "gone";
  return set.moved.includes(chatId) ? "moved" : "superseded";
}

async function run(
  cache: LetheCache,
  client: LetheClient,
  moves: ReadonlyMap<string, Move>,
  to: Place,
): Promise<MovedSet> {
  const set: MovedSet = { moved: [], gone: [], failed: [], error: undefined };
  const current = [...moves].filter(([id, move]) => cache.moves.isCurrent(id, move));
  const procedure = to === "trashed" ? client.chat.bulkTrash : client.chat.bulkRestore;
  for (let from = 0; from < current.length; from += mostAtOnce) {
    const some = current.slice(from, from + mostAtOnce);
    try {
      const { data } = await procedure.mutate({ chat_ids: some.map(([id]) => id) });
      settle(cache, some, data, set);
    } catch (cause) {
      set.error = toLetheError(cause);
      takeBack(cache, current.slice(from), set);
      // The server may have moved them and lost its answer: what it has is read again.
      refetchStale(cache);
      break;
    }
  }
  return set;
}

type Entry = [chatId: string, move: Move];

function settle(
  cache: LetheCache,
  entries: readonly Entry[],
  data: readonly { chat_id: string; chat?: ChangedChat | undefined }[],
  set: MovedSet,
): void {
  const answers = new Map(data.map(({ chat_id, chat }) => [chat_id, chat]));
  const placed: Shown[] = [];
  for (const [id, move] of entries) {
    const answer = answers.get(id);
    if (!answer) {
      set.gone.push(id);
      continue;
    }
    const chat = readable(answer);
    if (chat) cache.moves.learn(chat);
    if (!cache.moves.end(id, move)) continue;
    set.moved.push(id);
    if (!chat) continue;
    const queryKey = cache.trpc.chat.byId.queryKey({ chat_id: id });
    cache.queryClient.setQueryData(queryKey, (known) =>
      known && known.version <= chat.version ? chat : known,
    );
    placed.push({ chat, lists: move.lists });
  }
  placeSetInLists(cache, placed);
  if (set.gone.length > 0) forgetChats(cache, new Map(set.gone.map((id) => [id, null])));
}

/** Shows moves as if they had come through. */
function show(cache: LetheCache, ids: readonly string[], to: Place): Map<string, Move> {
  const moves = new Map<string, Move>();
  for (const [id, { chat, lists }] of lookUpChats(cache, ids)) {
    moves.set(id, cache.moves.start(id, to, chat, lists));
    void cache.queryClient.cancelQueries({ queryKey: cache.trpc.chat.byId.queryKey({ chat_id: id }) });
  }
  removeSetFromLists(cache, new Set(ids));
  // What the trash says of a chat (since when, until when) only the server knows.
  if (to === "active")
    placeSetInLists(
      cache,
      [...moves.values()].map(({ chat, lists }) => ({ chat: chat && restored(chat), lists })),
    );
  return moves;
}

function takeBack(cache: LetheCache, entries: readonly Entry[], set: MovedSet): void {
  const back = entries.filter(([id, move]) => cache.moves.end(id, move));
  set.failed.push(...back.map(([id]) => id));
  removeSetFromLists(cache, new Set(set.failed));
  placeSetInLists(
    cache,
    back.map(([, { chat, lists }]) => ({ chat, lists })),
  );
}
