import type { Chat } from "@lethe/api/schemas";
import { toLetheError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";
import { applyChat, checkChat, forgetChat } from "./apply-event.ts";
import { lookUpChat, placeInLists, removeFromLists } from "./chat-lists.ts";
import type { LetheCache } from "./lethe-cache.ts";
import { readable } from "./list-data.ts";
import type { Move, Moves, Place } from "./moves.ts";

/** What moving a chat into the trash, or out of it, comes to. */
export type MovedChat = {
  chatId: string;
  /** The title as it is known here; undefined if nothing had the chat. */
  title: string | undefined;
  /**
   * "moved": it is where it was to go. "superseded": the opposite was asked for before this had an answer,
   * and that decides. "gone": somebody has deleted the chat for good.
   */
  outcome: "moved" | "superseded" | "gone";
  /** The chat as the server has it now; undefined unless it was moved. */
  chat: Chat | undefined;
};

type Turn = { move: Move; moved: Promise<MovedChat> };

const turns = new WeakMap<Moves, Map<string, Turn>>();

/** Moves a chat into the trash: out of every cached list at once, back at its place if the server refuses. */
export const trashChat = (cache: LetheCache, client: LetheClient, chatId: string): Promise<MovedChat> =>
  moveChat(cache, client, chatId, "trashed");

/** Restores a chat: at once back at its place, out again if the server refuses. */
export const restoreChat = (cache: LetheCache, client: LetheClient, chatId: string): Promise<MovedChat> =>
  moveChat(cache, client, chatId, "active");

/**
 * Asks the server for one move of a chat at a time: what is asked for last is what it comes to, however
 * slow the answers are. The same move asked for twice is one.
 *
 * @throws LetheClientError if the server refused; the lists are as they were before
 */
function moveChat(cache: LetheCache, client: LetheClient, chatId: string, to: Place): Promise<MovedChat> {
  const last = turnsOf(cache).get(chatId);
  if (last && last.move.to === to && cache.moves.isCurrent(chatId, last.move)) return last.moved;

  const move = show(cache, chatId, to);
  const ask = () => run(cache, client, chatId, move);
  const moved = last ? last.moved.then(ask, ask) : ask();
  enterTurn(cache, chatId, { move, moved });
  return moved;
}

function turnsOf(cache: LetheCache): Map<string, Turn> {
  const mine = turns.get(cache.moves) ?? new Map<string, Turn>();
  turns.set(cache.moves, mine);
  return mine;
}

/** The end of the move of a chat that has no answer yet: whoever moves it next waits for that. */
export function turnOf(cache: LetheCache, chatId: string): Promise<MovedChat> | undefined {
  return turnsOf(cache).get(chatId)?.moved;
}

/** Enters a move that has been shown and has no answer yet. */
export function enterTurn(cache: LetheCache, chatId: string, turn: Turn): void {
  const mine = turnsOf(cache);
  mine.set(chatId, turn);
  const leave = () => {
    if (mine.get(chatId) === turn) mine.delete(chatId);
  };
  turn.moved.then(leave, leave);
}

async function run(cache: LetheCache, client: LetheClient, chatId: string, move: Move): Promise<MovedChat> {
  const title = move.chat?.title;
  const superseded = { chatId, title, outcome: "superseded", chat: undefined } as const;
  if (!cache.moves.isCurrent(chatId, move)) return superseded;
  try {
    const procedure = move.to === "trashed" ? client.chat.trash : client.chat.restore;
    const chat = readable(await procedure.mutate({ chat_id: chatId }));
    if (chat) cache.moves.learn(chat);
    if (!cache.moves.end(chatId, move)) return superseded;
    if (chat) applyChat(cache, chat);
    return { chatId, title: chat?.title ?? title, outcome: "moved", chat };
  } catch (cause) {
    const error = toLetheError(cause);
    if (error.reason === "chat_not_found" || cache.deletions.state(chatId)?.status === "deleted") {
      forgetChat(cache, chatId, null);
      return { chatId, title, outcome: "gone", chat: undefined };
    }
    if (!cache.moves.end(chatId, move)) return superseded;
    takeBack(cache, chatId, move);
    void checkChat(cache, client, chatId);
    throw error;
  }
}

/** Shows a move as if it had come through. */
function show(cache: LetheCache, chatId: string, to: Place): Move {
  const { chat, lists } = lookUpChat(cache, chatId);
  const move = cache.moves.start(chatId, to, chat, lists);
  void cache.queryClient.cancelQueries({ queryKey: cache.trpc.chat.byId.queryKey({ chat_id: chatId }) });
  removeFromLists(cache, chatId);
  // What the trash says of a chat (since when, until when) only the server knows.
  if (to === "active" && move.chat) placeInLists(cache, restored(move.chat), move.lists);
  return move;
}

function takeBack(cache: LetheCache, chatId: string, move: Move): void {
  removeFromLists(cache, chatId);
  if (move.chat) placeInLists(cache, move.chat, move.lists);
}

/** A chat as it will be when it is out of the trash. */
export const restored = (chat: Chat): Chat => ({
  ...chat,
  trashed_at: null,
  trashed_by: null,
  purge_at: null,
});
