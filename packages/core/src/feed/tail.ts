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
      const seen = after ? await keptPosition(db, tenantId, after) : undefined;
      const until = subscription.from;
      if (seen) yield* replay(db, { tenantId, after: seen, until, ended });
      else if (after) yield { type: "resync", cursor: toCursor(until) } as const;
      for (;;) {
        const item = await mailbox.take();
        if (item === undefined) return;
        // A reader may come from a process that was ahead of this one.
        if (item.type === "resync" || seen === undefined || isAfter(item.cursor, seen)) yield item;
      }
    } finally {
      ended.removeEventListener("abort", stop);
      stop();
    }
  }
  return run();
}

function isAfter(cursor: string, seen: Position): boolean {
  const position = fromCursor(cursor);
  return position !== undefined && comparePositions(position, seen) > 0;
}

/** Where a cursor stands, or undefined if it is none or what follows it may be gone. */
async function keptPosition(db: Database, tenantId: TenantId, cursor: string): Promise<Position | undefined> {
  const position = fromCursor(cursor);
  return position && (await isKept(db, tenantId, position)) ? position : undefined;
}

async function* replay(
  db: Database,
  {
    tenantId,
    after,
    until,
    ended,
  }: { tenantId: TenantId; after: Position; until: Position; ended: AbortSignal },
): AsyncGenerator<FeedItem, void> {
  let place = after;
  for (let told = 0; told < maxReplay && !ended.aborted; told += replayPage) {
    const page = await readTenantEvents(db, tenantId, { after: place, until, limit: replayPage });
    for (const { event } of await loadContent(db, page.rows)) {
      if (ended.aborted) return;
      yield event;
    }
    if (!page.full || page.last === undefined) return;
    place = page.last;
  }
  if (!ended.aborted) yield { type: "resync", cursor: toCursor(until) };
}
