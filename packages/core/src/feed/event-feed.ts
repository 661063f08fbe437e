import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import type { FeedItem, TenantEvent } from "../types.ts";
import { Dispatcher } from "./dispatcher.ts";
import { HorizonWatch, readOpenTransactions } from "./horizon.ts";
import { createNotifier, createPollLoop } from "./poll-loop.ts";
import { type Cursors, createCursors, positionAt, readCursorKey } from "./position.ts";
import { pruneEvents } from "./prune-events.ts";
import { notify, readHead } from "./read-events.ts";
import { type Tail, tail } from "./tail.ts";

const channel = "lethe_events";
const pruneEveryMs = 30_000;
/** A reader that has not succeeded for so long has come to a standstill, however slow the database is. */
const stalledAfterMs = 10_000;

/** Hears other processes: `onNotify` is called without a payload when something may have been missed. */
export type Listen = (options: {
  channel: string;
  onNotify: (payload?: string) => void;
  onError: (error: unknown) => void;
}) => Promise<{ close(): Promise<void> }>;

export type EventFeedOptions = {
  db: Database;
  /** Without it, what other processes do is noticed every `pollMs`. */
  listen?: Listen;
  log: { warn(fields: object, message: string): void };
  /** The longest wait between two looks at the outbox; milliseconds. */
  pollMs?: number;
};

/** One follower of the outbox for all subscribers of a process. */
export type EventFeed = {
  /**
   * Calls `handler` with each of a tenant's events from now on, once, those of a chat in their order. Answers a
   * function that ends it. `onGap` is called when events were lost for good (a database that crashed or was restored).
   */
  subscribe(
    tenantId: TenantId,
    handler: (event: TenantEvent) => void,
    options?: { onGap?: () => void },
  ): () => void;
  /** A tenant's events as a resumable sequence; see `tail`. */
  tail(options: Tail): AsyncGenerator<FeedItem, void>;
  /** Call it after every change: delivers at once, here and in other processes. Never fails. */
  wake(): void;
  /** A tenant's cursor that stands after everything that has been delivered. */
  head(tenantId: TenantId): string;
  /** Whether the outbox was read lately. */
  isReading(): boolean;
  /** Age of the oldest transaction that is open anywhere in the database cluster; seconds, 0: none is. */
  horizonLag(): number;
  /** Follows the outbox from this moment on. Rejects when the database cannot be reached now. */
  start(): Promise<void>;
  /** Ends every tail and frees timers and connections; the database client stays open. */
  close(): Promise<void>;
};

/**
 * Makes a feed; `start` it before anything subscribes. Once it runs, failures of the database are logged
 * and retried with growing pauses, and nothing is skipped.
 */
export function createEventFeed({ db, listen, log, pollMs = 500 }: EventFeedOptions): EventFeed {
  const self = randomUUID();
  const closing = new AbortController();
  const warn = (message: string) => (err: unknown) => {
    if (!closing.signal.aborted) log.warn({ err }, message);
  };
  let parts: { dispatcher: Dispatcher; cursors: Cursors; horizon: HorizonWatch } | undefined;
  let listener: { close(): Promise<void> } | undefined;
  let pruning: NodeJS.Timeout | undefined;
  const running = () => {
    if (parts === undefined) throw new Error("The event feed has not been started");
    return parts;
  };
  let readAt = performance.now();
  const loop = createPollLoop({
    poll: async () => {
      const found = await running().dispatcher.poll();
      readAt = performance.now();
      return found;
    },
    onError: (error, failures) => {
      // The 1st, 2nd, 4th, 8th …: a database that is away for long does not fill the log.
      if (Number.isInteger(Math.log2(failures))) warn("events could not be read; trying again")(error);
    },
    pollMs,
  });
  /** Whether something has happened since the last notification that no poll was made for. */
  let unread = false;
  const notifier = createNotifier(async () => {
    const wasUnread = unread;
    unread = false;
    const head = await notify(db, channel, self);
    // Somebody has come to listen meanwhile.
    if (!running().dispatcher.skipTo(head) && wasUnread) loop.wake();
  }, warn("other processes could not be notified; they will notice by themselves"));

  return {
    subscribe: (tenantId, handler, { onGap } = {}) =>
      running().dispatcher.subscribe(tenantId, {
        onEvent: ({ event }) => handler(event),
        ...(onGap && { onGap: () => onGap() }),
      }).unsubscribe,
    tail: (options) => tail({ db, closing: closing.signal, ...running() }, options),
    wake: () => {
      // Where nobody listens here, the notification finds out the present, too, and a poll has nothing to add.
      if (running().dispatcher.isHeard) loop.wake();
      else unread = true;
      notifier.notify();
    },
    head: (tenantId) => {
      const { dispatcher, cursors } = running();
      const { seen, epoch } = dispatcher.head;
      return cursors.seal({ tenantId, epoch }, positionAt(seen));
    },
    isReading: () => performance.now() - readAt < stalledAfterMs,
    horizonLag: () => running().horizon.lagSeconds(),
    start: async () => {
      const cursors = createCursors(await readCursorKey(db));
      const horizon = new HorizonWatch(await readOpenTransactions(db));
      const dispatcher = new Dispatcher({
        db,
        head: await readHead(db),
        onError: warn("a subscriber of events failed"),
        onLook: (snapshot) => horizon.note(snapshot),
      });
      parts = { dispatcher, cursors, horizon };
      listener = await listen?.({
        channel,
        onNotify: (payload) => {
          if (payload !== self) loop.wake();
        },
        onError: warn("notifications were interrupted; connecting again"),
      });
      let { seen } = dispatcher.head;
      pruning = setInterval(() => {
        // What readers could see at the turn before: all of them have polled since.
        pruneEvents(db, seen).catch(warn("old events could not be pruned"));
        seen = dispatcher.head.seen;
      }, pruneEveryMs);
      pruning.unref();
      // What was told between the first look and the listener's is found before anybody subscribes.
      await loop.start();
    },
    close: async () => {
      closing.abort();
      clearInterval(pruning);
      await Promise.all([loop.close(), notifier.close(), listener?.close()]);
    },
  };
}
