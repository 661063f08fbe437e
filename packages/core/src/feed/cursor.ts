import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import type { Place } from "./place.ts";
import { parseSnapshot, shorten, writeSnapshot } from "./snapshot.ts";

const cipher = "aes-256-gcm";
const keySize = 32;
const nonceSize = 12;
const tagSize = 16;
/** Transactions that a cursor names at most, so that its length has a bound. */
const mostUnderWay = 20;

/** Whom a cursor is good for: one tenant, in one life of the database server. */
export type Audience = { tenantId: TenantId; epoch: string };

/** Turns places into cursors and back. */
export type Cursors = {
  /** The cursor of a place. A place has one cursor only, so that what is told again is told under the same. */
  seal(audience: Audience, place: Place): string;
  /** The place of a cursor, or undefined if it was not made for this audience. */
  open(audience: Audience, cursor: string): Place | undefined;
};

/**
 * Seals places with a key that all servers of an installation share (AES-256-GCM, NIST SP 800-38D): transaction
 * numbers and ids count for all tenants together, and nobody is to see how much the others do. The nonce is a hash of
 * what is sealed (as in RFC 8452), because equal places must give equal cursors.
 */
export function createCursors(key: Uint8Array): Cursors {
  const derive = (name: string) => Buffer.from(hkdfSync("sha256", key, "", `lethe cursor ${name}`, keySize));
  const [sealing, naming] = [derive("sealing"), derive("naming")];
  const bound = ({ tenantId, epoch }: Audience) => Buffer.from(`${tenantId} ${epoch} `);
  return {
    seal(audience, place) {
      const text = writePlace(place);
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
        return readPlace(text + opener.final("utf8"));
      } catch {
        return undefined;
      }
    },
  };
}

function writePlace({ seen, last }: Place): string {
  return `${writeSnapshot(shorten(seen, mostUnderWay))} ${last === null ? "" : `${last.xid}.${last.id}`}`;
}

function readPlace(text: string): Place {
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
