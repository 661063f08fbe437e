import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import { KeyCache } from "./key-cache.ts";
import { listPublicKeys } from "./list-public-keys.ts";
import { type ReceiptSubject, receiptOf } from "./receipt-of.ts";
import { signReceipt } from "./sign-receipt.ts";
import type { PublicKey } from "./signing-key.ts";

const publishedForMs = 1_000;

/**
 * The receipts of a deletion: `receipt` says what was known when it was done, `finalReceipt` when the last row
 * was gone (null while it is not). They are the same if all was erased at once.
 */
export type Receipts = { receipt: string | null; finalReceipt: string | null };

export type ReceiptOffice = {
  /**
   * Signs what the ledger says of a deletion. Never rejects: if it cannot sign, which is logged, there is no
   * receipt now (null), and there will be one whenever it is asked for again.
   */
  issue(tenantId: TenantId, deletion: ReceiptSubject): Promise<Receipts>;
  /** Every key that ever signed here, as of a second ago at most: anybody may ask, as often as they like. */
  publicKeys(): Promise<PublicKey[]>;
  /** Makes or finds the key before it is needed. Rejects when the database does. */
  open(): Promise<void>;
};

/** Issues receipts for a running server, with the key of the database. */
export function createReceiptOffice({
  db,
  log,
}: {
  db: Database;
  log: { warn(fields: object, message: string): void };
}): ReceiptOffice {
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
