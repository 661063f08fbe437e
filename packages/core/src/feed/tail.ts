import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import type { FeedItem } from "../types.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { type LoadedEvent, loadContent } from "./events.ts";
import { type Cursors, type Position, positionAfter, positionAt, wasDelivered } from "./position.ts";
import { readMissed } from "./read-events.ts";

/** Live events that wait for a slow reader. */
const queueSize = 1_000;
const replayPage = 200;
/** A reader that has missed more than this reads everything anew, which is less work. */
const maxReplay = 5_000;

export type Tail = {
  tenantId: TenantId;
  /** The cursor of the last event that was seen. Without it only what happens from now on is yielded. */
  after?: string | null | undefined;
  /** Ends the tail. It must be aborted when the tail is never read. */
  signal: AbortSignal;
};

type TailMeans = { db: Database; dispatcher: Dispatcher; cursors: Cursors; closing: AbortSignal };

/**
 * Subscribes at once, and yields what was missed since `after`, then what happens, without a gap. What was yielded
 * before may be yielded again right after `after`, under the same cursor. Throws what the database throws during the
 * replay; resume with the last cursor.
 */
export function tail(
  { db, dispatcher, cursors, closing }: TailMeans,
  { tenantId, after, signal }: Tail,
): AsyncGenerator<FeedItem, void> {
  const ended = AbortSignal.any([closing, signal]);
  const queue = new BoundedQueue(queueSize);
  const { from, unsubscribe } = dispatcher.subscribe(tenantId, {
    onEvent: (event) => queue.push(event),
    onGap: (position) => queue.lose(position),
  });
  const stop = () => {
    unsubscribe();
    queue.close();
  };
  ended.addEventListener("abort", stop, { once: true });
  if (ended.aborted) stop();

  const seal = (position: Position) => cursors.seal({ tenantId, epoch: dispatcher.head.epoch }, position);
  const resync = (position: Position): FeedItem => ({ type: "resync", cursor: seal(position) });
  const toItem = (loaded: LoadedEvent): FeedItem => {
    // All tails that it goes to are of its tenant, and a position has one cursor.
    loaded.item ??= { ...loaded.event, cursor: seal(positionAfter(loaded.row)) };
    return loaded.item;
  };

  async function* replay(position: Position, reader: string): AsyncGenerator<FeedItem, void> {
    const { rows, kept, complete } = await readMissed(db, tenantId, { position, reader, most: maxReplay });
    if (!kept || !complete) {
      yield resync(positionAt(reader));
      return;
    }
    for (let next = 0; next < rows.length; next += replayPage) {
      for (const loaded of await loadContent(db, rows.slice(next, next + replayPage))) {
        if (ended.aborted) return;
        yield toItem(loaded);
      }
    }
  }

  async function* run(): AsyncGenerator<FeedItem, void> {
    try {
      const position = after ? cursors.open({ tenantId, epoch: dispatcher.head.epoch }, after) : undefined;
      if (position) yield* replay(position, from);
      else if (after) yield resync(positionAt(from));
      for (;;) {
        const item = await queue.take();
        if (item === undefined) return;
        if ("lost" in item) yield resync(item.lost);
        // A reader may come from a process that was ahead of this one.
        else if (position === undefined || !wasDelivered(position, item.row)) yield toItem(item);
      }
    } finally {
      ended.removeEventListener("abort", stop);
      stop();
    }
  }
  return run();
}

/** An event, or `lost`: some were dropped, and `position` is where they go on. */
export type QueueItem = LoadedEvent | { lost: Position };

/**
 * Events on their way to one reader. One that falls more than `size` behind loses what is waiting and is
 * told to read everything anew: memory is bounded, and no loss goes unnoticed.
 */
export class BoundedQueue {
  readonly #size: number;
  #events: LoadedEvent[] = [];
  #loss: { lost: Position } | undefined;
  #closed = false;
  #arrived = Promise.withResolvers<void>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Puts an event at the end. */
  push(event: LoadedEvent): void {
    if (this.#closed) return;
    if (this.#events.length >= this.#size) this.lose(positionAfter(event.row));
    else this.#events.push(event);
    this.#arrived.resolve();
  }

  /** Drops what is waiting; events go on behind `position`. */
  lose(position: Position): void {
    this.#events = [];
    this.#loss = { lost: position };
    this.#arrived.resolve();
  }

  /** Ends the reader's wait for good. */
  close(): void {
    this.#closed = true;
    this.#arrived.resolve();
  }

  /** The next item, or undefined after `close`. For one reader at a time. */
  async take(): Promise<QueueItem | undefined> {
    for (;;) {
      if (this.#closed) return undefined;
      const item = this.#loss ?? this.#events.shift();
      if (item !== undefined) {
        if (item === this.#loss) this.#loss = undefined;
        return item;
      }
      this.#arrived = Promise.withResolvers();
      await this.#arrived.promise;
    }
  }
}
