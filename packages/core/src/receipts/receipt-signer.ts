import { sign } from "node:crypto";
import type { Database } from "@lethe/db";
import { type Receipt, receiptIssuer } from "@lethe/receipts";
import type { TenantId } from "../context.ts";
import type { DeletionRecord } from "../types.ts";
import { KeyCache } from "./key-cache.ts";
import { listPublicKeys, type PublicKey, type SigningKey } from "./signing-keys.ts";

const publishedForMs = 1_000;

/**
 * The receipts of a deletion: `receipt` says what was known when it was done, `finalReceipt` when the last row
 * was gone (null while it is not). They are the same if all was erased at once.
 */
export type Receipts = { receipt: string | null; finalReceipt: string | null };

export type ReceiptSigner = {
  /**
   * Signs what the ledger says of a deletion. Never rejects: if it cannot sign, which is logged, there is no
   * receipt now (null), and there will be one whenever it is asked for again.
   */
  issue(tenantId: TenantId, deletion: DeletionRecord): Promise<Receipts>;
  /** Every key that ever signed here, as of a second ago at most: anybody may ask, as often as they like. */
  publicKeys(): Promise<PublicKey[]>;
  /** Makes or finds the key before it is needed. Rejects when the database does. */
  open(): Promise<void>;
};

/** Issues receipts for a running server, with the key of the database. */
export function createReceiptSigner({
  db,
  log,
}: {
  db: Database;
  log: { warn(fields: object, message: string): void };
}): ReceiptSigner {
  const keys = new KeyCache(db);
  let published = { askedAt: Number.NEGATIVE_INFINITY, keys: Promise.resolve<PublicKey[]>([]) };
  return {
    issue: async (tenantId, deletion) => {
      const { deletedAt, erasedAt } = deletion;
      try {
        const key = await keys.get();
        const sign = (at: Date | null) => signReceipt(key, receiptOf(tenantId, deletion, at));
        const finalReceipt = erasedAt === null ? null : sign(erasedAt);
        const atOnce = erasedAt?.getTime() === deletedAt.getTime();
        return { receipt: atOnce ? finalReceipt : sign(null), finalReceipt };
      } catch (err) {
        log.warn({ err, deletion_id: deletion.id }, "a receipt could not be signed");
        return { receipt: null, finalReceipt: null };
      }
    },
    publicKeys: () => {
      if (performance.now() - published.askedAt >= publishedForMs)
        published = { askedAt: performance.now(), keys: listPublicKeys(db) };
      return published.keys;
    },
    open: async () => {
      await keys.get();
    },
  };
}

/** What a receipt says of a deletion; `erasedAt` as it was, or null for what was known at the deletion. */
function receiptOf(tenantId: TenantId, deletion: DeletionRecord, erasedAt: Date | null): Receipt {
  return {
    iss: receiptIssuer,
    version: 1,
    tenant_id: tenantId,
    deletion_id: deletion.id,
    chat_id: deletion.chatId,
    deleted_at: deletion.deletedAt.toISOString(),
    erased_at: erasedAt?.toISOString() ?? null,
    message_count: deletion.messageCount,
    actor_kind: deletion.actor.kind,
    via: deletion.via,
    forced: deletion.forced,
    export_checksum: deletion.exportChecksum,
    final: erasedAt !== null,
  };
}

/**
 * A receipt as a compact JWS (RFC 7515, RFC 8037). The same receipt and key give the same bytes.
 *
 * It is node:crypto's signature, made here and now: waking a thread for it costs as much as the 40 µs that
 * it takes, and a library that wraps Web Crypto takes half as much again (docs/adr/0015).
 */
function signReceipt({ header, privateKey }: SigningKey, receipt: Receipt): string {
  const input = `${header}${Buffer.from(JSON.stringify(receipt)).toString("base64url")}`;
  const signature = sign(null, Buffer.from(input), privateKey);
  return `${input}.${signature.toString("base64url")}`;
}
