import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import type { FeedItem } from "../types.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { isKept } from "./is-kept.ts";
import { loadContent } from "./load-content.ts";
import { Mailbox } from "./mailbox.ts";
import { comparePositions, fromCursor, type Position, toCursor } from "./position.ts";
import { readTenantEvents } from "./read-events.ts";

/** Live events that wait for a slow reader. */
const mailboxSize = 1_000;
const replayPage = 200;
/** A reader that has missed more than this reads everything anew, which is less work. */
const maxReplay = 5_000;

export type Tail = {
  tenantId: TenantId;
  /** The cursor of the last event that was seen. Without it only what happens from now on is told. */
  after?: string | null | undefined;
  /** Ends the tail. It must be aborted when the tail is never read. */
  signal: AbortSignal;
};

/**
 * Subscribes at once, and yields what was missed since `after`, then what happens, without a gap and
 * without a repetition. Throws what the database throws during the replay; resume with the last cursor.
 */
export function tail(
  db: Database,
  dispatcher: Dispatcher,
  closing: AbortSignal,
  { tenantId, after, signal }: Tail,
): AsyncGenerator<FeedItem, void> {
  const ended = AbortSignal.any([closing, signal]);
  const mailbox = new Mailbox(mailboxSize);
  const subscription = dispatcher.subscribe(tenantId, {
    onEvent: (event) => mailbox.push(event),
    onGap: (cursor) => mailbox.lose(cursor),
  });
  const stop = () => {
    subscription.unsubscribe();
    mailbox.close();
  };
  ended.addEventListener("abort", stop, { once: true });
  if (ended.aborted) stop();

  async function* run() {
    try {
      if (after) yield* replay(db, tenantId, after, subscription.from, ended);
      // A reader may come from a process that was ahead of this one.
      const seen = after ? fromCursor(after) : undefined;
      for (;;) {
        const item = await mailbox.take();
        if (item === undefined) return;
        if (item.type === "resync" || isNew(item.cursor, seen)) yield item;
      }
    } finally {
      ended.removeEventListener("abort", stop);
      stop();
    }
  }
  return run();
}

function isNew(cursor: string, seen: Position | undefined): boolean {
  const position = fromCursor(cursor);
  return seen === undefined || position === undefined || comparePositions(position, seen) > 0;
}

async function* replay(
  db: Database,
  tenantId: TenantId,
  cursor: string,
  until: Position,
  ended: AbortSignal,
): AsyncGenerator<FeedItem, void> {
  const resync = { type: "resync", cursor: toCursor(until) } as const;
  const start = fromCursor(cursor);
  if (start === undefined || !(await isKept(db, tenantId, start))) {
    yield resync;
    return;
  }
  let after = start;
  for (let told = 0; told < maxReplay && !ended.aborted; told += replayPage) {
    const page = await readTenantEvents(db, tenantId, { after, until, limit: replayPage });
    for (const { event } of await loadContent(db, page.rows)) {
      if (ended.aborted) return;
      yield event;
    }
    if (!page.full || page.last === undefined) return;
    after = page.last;
  }
  if (!ended.aborted) yield resync;
}
