/**
 * A snapshot of PostgreSQL (`pg_snapshot`): it sees every transaction before `end` but those that were under way, which
 * are in ascending order. Numbers are those of `xid8`. `end` is the first number after the last transaction that was
 * over; some from there on may have been under way too.
 */
export type Snapshot = { readonly end: bigint; readonly underWay: readonly bigint[] };

const written = /^\d{1,19}:(\d{1,19}):(\d{1,19}(?:,\d{1,19})*)?$/;

/** Reads a snapshot as PostgreSQL writes it, `xmin:xmax:xip,…`. Throws RangeError for anything else. */
export function parseSnapshot(text: string): Snapshot {
  const [, end, underWay] = written.exec(text) ?? [];
  if (end === undefined) throw new RangeError(`"${text}" is no snapshot`);
  return { end: BigInt(end), underWay: underWay === undefined ? [] : underWay.split(",").map(BigInt) };
}

/** Writes a snapshot as PostgreSQL reads it. */
export function writeSnapshot({ end, underWay }: Snapshot): string {
  return `${underWay[0] ?? end}:${end}:${underWay.join(",")}`;
}

/** Whether a transaction is over as a snapshot sees it. */
export function sees({ end, underWay }: Snapshot, xid: bigint): boolean {
  return xid < end && !underWay.includes(xid);
}

/** The same snapshot, but for a transaction that it does not see: one does not name its own as under way. */
export function withUnderWay(snapshot: Snapshot, xid: bigint): Snapshot {
  if (!sees(snapshot, xid)) return snapshot;
  const later = snapshot.underWay.findIndex((other) => other > xid);
  const at = later === -1 ? snapshot.underWay.length : later;
  return { end: snapshot.end, underWay: snapshot.underWay.toSpliced(at, 0, xid) };
}

/** A snapshot that names `most` transactions at most and sees nothing that the whole one does not see. */
export function shorten(snapshot: Snapshot, most: number): Snapshot {
  const { [most]: end } = snapshot.underWay;
  return end === undefined ? snapshot : { end, underWay: snapshot.underWay.slice(0, most) };
}
