import type { EventRow } from "./event-row.ts";
import { parseSnapshot, type Snapshot, sees, withUnderWay } from "./snapshot.ts";

/** What a subscriber was told: all that a snapshot sees, and its last event with those before it in its transaction. */
export type Place = { readonly seen: Snapshot; readonly last: { xid: bigint; id: bigint } | null };

/**
 * The place after an event, the same whoever tells it. What the statement that wrote the event could see was committed
 * before, has lower ids, and so was told before. What was told besides, of transactions that ran beside it, is told
 * again from here.
 */
export function placeAfter({ saw, xid, id }: EventRow): Place {
  return { seen: saw === null ? beginning : withUnderWay(parseSnapshot(saw), xid), last: { xid, id } };
}

/** The place of a subscriber that begins where a reader is, which has read all that `seen` sees. */
export function placeAt(seen: string): Place {
  return { seen: parseSnapshot(seen), last: null };
}

/** Whether a subscriber at a place has been told an event. */
export function wasTold({ seen, last }: Place, { xid, id }: Pick<EventRow, "xid" | "id">): boolean {
  return sees(seen, xid) || (last !== null && last.xid === xid && id <= last.id);
}

const beginning: Snapshot = { end: 1n, underWay: [] };
