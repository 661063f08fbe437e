import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from "node:crypto";
import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import type { EventRow } from "./events.ts";

/** What was delivered to a subscriber: all that a snapshot sees, and its last event with those before it in its transaction. */
export type Position = { readonly seen: Snapshot; readonly last: { xid: bigint; id: bigint } | null };

/**
 * The position after an event, the same in every process. What the statement that wrote the event could see was committed
 * before, has lower ids, and so was delivered before. Events of transactions that ran beside it may have been delivered
 * too; from here they are delivered again.
 */
export function positionAfter({ saw, xid, id }: EventRow): Position {
  return { seen: saw === null ? beginning : withUnderWay(parseSnapshot(saw), xid), last: { xid, id } };
}

/** The position of a subscriber that begins where a reader is, which has read all that `seen` sees. */
export function positionAt(seen: string): Position {
  return { seen: parseSnapshot(seen), last: null };
}

/** Whether an event was delivered to a subscriber at a position. */
export function wasDelivered({ seen, last }: Position, { xid, id }: Pick<EventRow, "xid" | "id">): boolean {
  return sees(seen, xid) || (last !== null && last.xid === xid && id <= last.id);
}

const beginning: Snapshot = { end: 1n, underWay: [] };

/**
 * A snapshot of PostgreSQL (`pg_snapshot`): it sees every transaction before `end` but those that were under way, which
 * are in ascending order. Numbers are those of `xid8`. `end` is the first number after the last transaction that was
 * over; some from there on may have been under way too.
 */
type Snapshot = { readonly end: bigint; readonly underWay: readonly bigint[] };

const written = /^\d{1,19}:(\d{1,19}):(\d{1,19}(?:,\d{1,19})*)?$/;

/** Reads a snapshot as PostgreSQL writes it, `xmin:xmax:xip,…`. Throws RangeError for anything else. */
export function parseSnapshot(text: string): Snapshot {
  const [, end, underWay] = written.exec(text) ?? [];
  if (end === undefined) throw new RangeError(`"${text}" is no snapshot`);
  return { end: BigInt(end), underWay: underWay === undefined ? [] : underWay.split(",").map(BigInt) };
}

/** Whether one snapshot was taken before another, as far as their ends tell. */
export const isBefore = (one: string, other: string): boolean =>
  parseSnapshot(one).end < parseSnapshot(other).end;

/** Writes a snapshot as PostgreSQL reads it. */
export function writeSnapshot({ end, underWay }: Snapshot): string {
  return `${underWay[0] ?? end}:${end}:${underWay.join(",")}`;
}

/** Whether a transaction is over as a snapshot sees it. */
function sees({ end, underWay }: Snapshot, xid: bigint): boolean {
  return xid < end && !underWay.includes(xid);
}

/** The same snapshot, but for a transaction that it does not see: one does not name its own as under way. */
function withUnderWay(snapshot: Snapshot, xid: bigint): Snapshot {
  if (!sees(snapshot, xid)) return snapshot;
  const later = snapshot.underWay.findIndex((other) => other > xid);
  const at = later === -1 ? snapshot.underWay.length : later;
  return { end: snapshot.end, underWay: snapshot.underWay.toSpliced(at, 0, xid) };
}

/** A snapshot that names `most` transactions at most and sees nothing that the whole one does not see. */
function shorten(snapshot: Snapshot, most: number): Snapshot {
  const { [most]: end } = snapshot.underWay;
  return end === undefined ? snapshot : { end, underWay: snapshot.underWay.slice(0, most) };
}

const cipher = "aes-256-gcm";
const keySize = 32;
const nonceSize = 12;
const tagSize = 16;
/** Transactions that a cursor names at most, so that its length has a bound. */
const mostUnderWay = 20;

/** The scope of a cursor: one tenant, in one life of the database server. */
type Audience = { tenantId: TenantId; epoch: string };

/** Turns positions into cursors and back. */
export type Cursors = {
  /** The cursor of a position. A position has only one cursor, so that what is delivered again has the same. */
  seal(audience: Audience, position: Position): string;
  /** The position of a cursor, or undefined if it was not made for this audience. */
  open(audience: Audience, cursor: string): Position | undefined;
};

/**
 * Seals positions with a key that all servers of an installation share (AES-256-GCM, NIST SP 800-38D): transaction
 * numbers and ids count for all tenants together, and nobody is to see how much the others do. The nonce is a hash of
 * what is sealed (as in RFC 8452), because equal positions must give equal cursors.
 */
export function createCursors(key: Uint8Array): Cursors {
  // As objects of keys: Node would make one of bytes anew for each cursor.
  const derive = (name: string) =>
    createSecretKey(Buffer.from(hkdfSync("sha256", key, "", `lethe cursor ${name}`, keySize)));
  const [sealing, naming] = [derive("sealing"), derive("naming")];
  const bound = ({ tenantId, epoch }: Audience) => Buffer.from(`${tenantId} ${epoch} `);
  return {
    seal(audience, position) {
      const text = writePosition(position);
      const data = bound(audience);
      const nonce = createHmac("sha256", naming).update(data).update(text).digest().subarray(0, nonceSize);
      const sealer = createCipheriv(cipher, sealing, nonce).setAAD(data);
      const sealed = [sealer.update(text, "utf8"), sealer.final()];
      return Buffer.concat([nonce, sealer.getAuthTag(), ...sealed]).toString("base64url");
    },
    open(audience, cursor) {
      const bytes = Buffer.from(cursor, "base64url");
      if (bytes.length <= nonceSize + tagSize) return undefined;
      const opener = createDecipheriv(cipher, sealing, bytes.subarray(0, nonceSize), {
        authTagLength: tagSize,
      });
      opener.setAAD(bound(audience)).setAuthTag(bytes.subarray(nonceSize, nonceSize + tagSize));
      const text = opener.update(bytes.subarray(nonceSize + tagSize), undefined, "utf8");
      try {
        return readPosition(text + opener.final("utf8"));
      } catch {
        return undefined;
      }
    },
  };
}

function writePosition({ seen, last }: Position): string {
  return `${writeSnapshot(shorten(seen, mostUnderWay))} ${last === null ? "" : `${last.xid}.${last.id}`}`;
}

function readPosition(text: string): Position {
  const [seen = "", last = ""] = text.split(" ");
  const [xid, id] = last.split(".");
  return {
    seen: parseSnapshot(seen),
    last: xid === undefined || id === undefined ? null : { xid: BigInt(xid), id: BigInt(id) },
  };
}

const keys = z.tuple([z.object({ cursor_key: z.instanceof(Uint8Array) })]);

/** The key of this installation. */
export async function readCursorKey(db: Pick<Database, "$queryRaw">): Promise<Uint8Array> {
  return keys.parse(await db.$queryRaw`SELECT cursor_key FROM feed_state WHERE id = 1`)[0].cursor_key;
}
