import type { TenantEvent } from "../types.ts";

/** A place in the order of all events: transaction first, then the event within it. */
export type Position = { xid: bigint; id: bigint };

const maxBigint = 2n ** 63n - 1n;

/** Negative, zero or positive, as `a` lies before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

/** The cursor of a position, "xid.id". An id of 0 is a mark between events: everything before that xid. */
export function toCursor({ xid, id }: Position): TenantEvent["cursor"] {
  return `${xid}.${id}`;
}

/** The position that a cursor names, or undefined if it names none. */
export function fromCursor(cursor: string): Position | undefined {
  const match = /^(\d{1,19})\.(\d{1,19})$/.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const position = { xid: BigInt(match[1]), id: BigInt(match[2]) };
  return position.xid <= maxBigint && position.id <= maxBigint ? position : undefined;
}
