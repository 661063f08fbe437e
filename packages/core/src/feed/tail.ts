import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import type { FeedItem } from "../types.ts";
import type { Cursors } from "./cursor.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { type LoadedEvent, loadContent } from "./load-content.ts";
import { Mailbox } from "./mailbox.ts";
import { type Place, placeAfter, placeAt, wasTold } from "./place.ts";
import { readMissed } from "./read-events.ts";

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

export type TailMeans = { db: Database; dispatcher: Dispatcher; cursors: Cursors; closing: AbortSignal };

/**
 * Subscribes at once, and yields what was missed since `after`, then what happens, without a gap. What was told
 * before may be told again right after `after`, under the same cursor. Throws what the database throws during the
 * replay; resume with the last cursor.
 */
export function tail(
  { db, dispatcher, cursors, closing }: TailMeans,
  { tenantId, after, signal }: Tail,
): AsyncGenerator<FeedItem, void> {
  const ended = AbortSignal.any([closing, signal]);
  const mailbox = new Mailbox(mailboxSize);
  const { from, unsubscribe } = dispatcher.subscribe(tenantId, {
    onEvent: (event) => mailbox.push(event),
    onGap: (place) => mailbox.lose(place),
  });
  const stop = () => {
    unsubscribe();
    mailbox.close();
  };
  ended.addEventListener("abort", stop, { once: true });
  if (ended.aborted) stop();

  const seal = (place: Place) => cursors.seal({ tenantId, epoch: dispatcher.head.epoch }, place);
  const resync = (place: Place): FeedItem => ({ type: "resync", cursor: seal(place) });
  const toItem = ({ row, event }: LoadedEvent): FeedItem => ({ ...event, cursor: seal(placeAfter(row)) });

  async function* replay(place: Place, reader: string): AsyncGenerator<FeedItem, void> {
    const { rows, kept, complete } = await readMissed(db, tenantId, { place, reader, most: maxReplay });
    if (!kept || !complete) {
      yield resync(placeAt(reader));
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
      const place = after ? cursors.open({ tenantId, epoch: dispatcher.head.epoch }, after) : undefined;
      if (place) yield* replay(place, from);
      else if (after) yield resync(placeAt(from));
      for (;;) {
        const mail = await mailbox.take();
        if (mail === undefined) return;
        if ("lost" in mail) yield resync(mail.lost);
        // A reader may come from a process that was ahead of this one.
        else if (place === undefined || !wasTold(place, mail.row)) yield toItem(mail);
      }
    } finally {
      ended.removeEventListener("abort", stop);
      stop();
    }
  }
  return run();
}
