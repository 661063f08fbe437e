import type { FeedItem, TenantEvent } from "../types.ts";

/**
 * Events on their way to one reader. One that falls more than `size` behind loses what is waiting and is
 * told to read everything anew instead: memory is bounded, and nothing is missed in silence.
 */
export class Mailbox {
  readonly #size: number;
  #events: TenantEvent[] = [];
  #resync: FeedItem | undefined;
  #closed = false;
  #arrived = Promise.withResolvers<void>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Puts an event at the end. */
  push(event: TenantEvent): void {
    if (this.#closed) return;
    if (this.#events.length >= this.#size) this.lose(event.cursor);
    else this.#events.push(event);
    this.#arrived.resolve();
  }

  /** Drops what is waiting in favour of a resync; `cursor` is where events go on. */
  lose(cursor: string): void {
    this.#events = [];
    this.#resync = { type: "resync", cursor };
    this.#arrived.resolve();
  }

  /** Ends the reader's wait for good. */
  close(): void {
    this.#closed = true;
    this.#arrived.resolve();
  }

  /** The next item, or undefined after `close`. For one reader at a time. */
  async take(): Promise<FeedItem | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const item = this.#resync ?? this.#events.shift();
      if (item !== undefined) {
        if (item === this.#resync) this.#resync = undefined;
        return item;
      }
      this.#arrived = Promise.withResolvers();
      await this.#arrived.promise;
    }
  }
}
