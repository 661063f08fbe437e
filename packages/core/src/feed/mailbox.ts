import type { LoadedEvent } from "./load-content.ts";
import { type Place, placeAfter } from "./place.ts";

/** An event, or `lost`: some were dropped, and `place` is where they go on. */
export type Mail = LoadedEvent | { lost: Place };

/**
 * Events on their way to one reader. One that falls more than `size` behind loses what is waiting and is
 * told to read everything anew instead: memory is bounded, and nothing is missed in silence.
 */
export class Mailbox {
  readonly #size: number;
  #events: LoadedEvent[] = [];
  #loss: { lost: Place } | undefined;
  #closed = false;
  #arrived = Promise.withResolvers<void>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Puts an event at the end. */
  push(event: LoadedEvent): void {
    if (this.#closed) return;
    if (this.#events.length >= this.#size) this.lose(placeAfter(event.row));
    else this.#events.push(event);
    this.#arrived.resolve();
  }

  /** Drops what is waiting; events go on behind `place`. */
  lose(place: Place): void {
    this.#events = [];
    this.#loss = { lost: place };
    this.#arrived.resolve();
  }

  /** Ends the reader's wait for good. */
  close(): void {
    this.#closed = true;
    this.#arrived.resolve();
  }

  /** The next mail, or undefined after `close`. For one reader at a time. */
  async take(): Promise<Mail | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const mail = this.#loss ?? this.#events.shift();
      if (mail !== undefined) {
        if (mail === this.#loss) this.#loss = undefined;
        return mail;
      }
      this.#arrived = Promise.withResolvers();
      await this.#arrived.promise;
    }
  }
}
