import { createHash } from "node:crypto";
import type { Database } from "@lethe/db";
import { exportLedger } from "../ledger/export-ledger.ts";

/** What a tenant's ledger comes to. */
export type LedgerSum = {
  /** Deletions that it tells of, and the messages that these chats had. */
  chats: number;
  messages: number;
  /** The SHA-256 of its lines as `lethe ledger export --tenant` writes them, in hexadecimal. */
  digest: string;
};

/** Reads a tenant's ledger, page by page, and sums it up. */
export async function sumLedger(db: Database, tenantId: string): Promise<LedgerSum> {
  const hash = createHash("sha256");
  const sum = { chats: 0, messages: 0 };
  for await (const lines of exportLedger(db, { tenantId })) {
    for (const line of lines) {
      if (line.type !== "deletion") continue;
      hash.update(`${JSON.stringify(line)}\n`);
      sum.chats += 1;
      sum.messages += line.message_count;
    }
  }
  return { ...sum, digest: hash.digest("hex") };
}
