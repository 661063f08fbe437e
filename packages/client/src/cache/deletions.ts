import type { Chat } from "@lethe/api/schemas";
import type { QueryClient } from "@tanstack/react-query";

/** How far the deletion of a chat is, as this page knows it. */
export type DeletionState =
  | { status: "pending" }
  /** `deletedAt` (RFC 3339) is null when the chat turned out to be gone already. */
  | { status: "deleted"; deletedAt: string | null };

type Entry = { state: DeletionState; chat: Chat | undefined; lists: ReadonlySet<string> };

/** Deleted chats that are remembered, so that a late answer cannot bring one back. */
const remembered = 5_000;

const registries = new WeakMap<QueryClient, Deletions>();

/** The chats of one QueryClient that are being deleted or are gone. Ids are single-use: gone stays gone. */
export class Deletions {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #silence = 0;

  /** The registry of a QueryClient; there is exactly one. */
  static of(queryClient: QueryClient): Deletions {
    const known = registries.get(queryClient);
    if (known) return known;
    const made = new Deletions();
    registries.set(queryClient, made);
    return made;
  }

  readonly isGone = (chatId: string): boolean => this.#entries.has(chatId);

  /** The same object until the state changes, as `useSyncExternalStore` wants it. */
  state(chatId: string): DeletionState | undefined {
    return this.#entries.get(chatId)?.state;
  }

  /** Hides a chat while its deletion runs. `lists` are the query hashes that had it. */
  start(chatId: string, chat: Chat | undefined, lists: ReadonlySet<string>): void {
    this.#entries.set(chatId, { state: { status: "pending" }, chat, lists });
    this.#tell();
  }

  /** Keeps what is known of a hidden chat fresh, so that a refused deletion brings the newest back. */
  refresh(chat: Chat): void {
    const entry = this.#entries.get(chat.id);
    if (entry?.state.status === "pending") entry.chat = chat;
  }

  /** The chat is gone, whoever deleted it. */
  finish(chatId: string, deletedAt: string | null): void {
    const state = this.state(chatId);
    if (state?.status === "deleted" && (state.deletedAt !== null || deletedAt === null)) return;
    this.#entries.set(chatId, { state: { status: "deleted", deletedAt }, chat: undefined, lists: new Set() });
    if (this.#entries.size > remembered) this.#forgetOldest();
    this.#tell();
  }

  /** The deletion was refused: no longer hidden. Answers what was known of the chat. */
  giveBack(chatId: string): { chat: Chat | undefined; lists: ReadonlySet<string> } | undefined {
    const entry = this.#entries.get(chatId);
    if (entry?.state.status !== "pending") return undefined;
    this.#entries.delete(chatId);
    this.#tell();
    return { chat: entry.chat, lists: entry.lists };
  }

  /** Makes many changes of which the listeners hear once, when the last is made. */
  together<Result>(change: () => Result): Result {
    this.#silence += 1;
    try {
      return change();
    } finally {
      this.#silence -= 1;
      this.#tell();
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #forgetOldest(): void {
    for (const [chatId, entry] of this.#entries) {
      if (entry.state.status !== "deleted") continue;
      this.#entries.delete(chatId);
      return;
    }
  }

  #tell(): void {
    if (this.#silence > 0) return;
    for (const listener of this.#listeners) listener();
  }
}
