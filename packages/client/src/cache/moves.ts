import type { Chat } from "@lethe/api/schemas";
import type { QueryClient } from "@tanstack/react-query";
import { asListed } from "./list-data.ts";

/** Where a chat is: among the chats, or in the trash. */
export type Place = "active" | "trashed";

/** A move that this page has asked for and that has no outcome yet. */
export type Move = {
  readonly to: Place;
  /** The newest that is known of the chat. */
  chat: Chat | undefined;
  /** Hashes of the lists that had it before it went. */
  readonly lists: ReadonlySet<string>;
};

type Known = { chat: Chat; lists: ReadonlySet<string> };

/** Chats that were moved and are remembered, so that a late answer cannot move one back. */
const remembered = 5_000;

const registries = new WeakMap<QueryClient, Moves>();
const noLists: ReadonlySet<string> = new Set();

export const placeOf = (chat: Chat): Place => (chat.trashed_at === null ? "active" : "trashed");

/** The chats of one QueryClient that go into the trash or out of it, or have been there. */
export class Moves {
  readonly #running = new Map<string, Move>();
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<() => void>();

  /** The registry of a QueryClient; there is exactly one. */
  static of(queryClient: QueryClient): Moves {
    const known = registries.get(queryClient);
    if (known) return known;
    const made = new Moves();
    registries.set(queryClient, made);
    return made;
  }

  /** Begins a move; it takes the place of one that still runs. */
  start(chatId: string, to: Place, chat: Chat | undefined, lists: ReadonlySet<string>): Move {
    const before = this.#running.get(chatId) ?? this.#known.get(chatId);
    const move = {
      to,
      chat: newer(chat, before?.chat),
      lists: new Set([...lists, ...(before?.lists ?? [])]),
    };
    this.#running.set(chatId, move);
    this.#tell();
    return move;
  }

  /** Ends a move, unless another has taken its place; answers whether it was the current one. */
  end(chatId: string, move: Move): boolean {
    if (this.#running.get(chatId) !== move) return false;
    this.#running.delete(chatId);
    if (move.chat) this.#remember({ chat: move.chat, lists: move.lists });
    this.#tell();
    return true;
  }

  isCurrent(chatId: string, move: Move): boolean {
    return this.#running.get(chatId) === move;
  }

  /** Where a chat is on its way to; undefined if it is not under way. */
  goal(chatId: string): Place | undefined {
    return this.#running.get(chatId)?.to;
  }

  /** The newest that is known of a chat that was moved. */
  known(chatId: string): Chat | undefined {
    return newer(this.#running.get(chatId)?.chat, this.#known.get(chatId)?.chat);
  }

  /** Takes notice of a chat as the server has sent it. */
  learn(chat: Chat): void {
    const move = this.#running.get(chat.id);
    if (move) move.chat = newer(chat, move.chat);
    const known = this.#known.get(chat.id);
    if (!known && placeOf(chat) === "active") return;
    if (known && known.chat.version > chat.version) return;
    this.#remember({ chat: newer(chat, known?.chat) ?? chat, lists: known?.lists ?? noLists });
    this.#tell();
  }

  /** Where a chat is that was moved, or where it is on its way to. */
  place(chatId: string): Place | undefined {
    return this.goal(chatId) ?? this.#placeOfKnown(chatId);
  }

  /** True for a row that would contradict a move: one that runs, or one that is newer than the row. */
  readonly isMisplaced = (row: Chat): boolean => {
    const move = this.#running.get(row.id);
    if (move) return placeOf(row) !== move.to;
    return this.isOutdated(row) && placeOf(row) !== this.#placeOfKnown(row.id);
  };

  /** True if something newer is known of the chat. */
  isOutdated(chat: Chat): boolean {
    const known = this.#known.get(chat.id);
    return known !== undefined && known.chat.version > chat.version;
  }

  /** The chat is gone for good. */
  forget(chatId: string): void {
    this.#known.delete(chatId);
    if (this.#running.delete(chatId)) this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #placeOfKnown(chatId: string): Place | undefined {
    const known = this.#known.get(chatId);
    return known && placeOf(known.chat);
  }

  #remember(known: Known): void {
    this.#known.delete(known.chat.id);
    this.#known.set(known.chat.id, known);
    if (this.#known.size <= remembered) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The newer of two, with what was said last if either tells it. */
export function newer(a: Chat | undefined, b: Chat | undefined): Chat | undefined {
  if (!a || !b) return a ?? b;
  return b.version > a.version ? asListed(b, a) : asListed(a, b);
}
