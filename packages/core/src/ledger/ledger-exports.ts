import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import type { SentFile } from "../exports/summed.ts";
import type { DeletionRecord } from "../types.ts";

/** Notes which lines of the ledger a file has, so that they may be pruned once all of it was handed over. */
export type LedgerExport = {
  /** Notes the lines that were read for the file. Of one whose messages are still being erased there is more to tell. */
  note(lines: readonly DeletionRecord[]): Promise<void>;
  /** Says that all of the file was taken. */
  complete(sent: SentFile): Promise<void>;
};

const nothing: LedgerExport = { note: async () => {}, complete: async () => {} };

/** Begins an export of a tenant's ledger. A tenant that keeps its ledger for ever has nothing noted. */
export async function beginLedgerExport({
  db,
  tenantId,
}: Pick<Context, "db" | "tenantId">): Promise<LedgerExport> {
  const where = { tenantId, NOT: { ledgerRetentionDays: null } };
  if ((await db.tenant.findFirst({ where, select: { tenantId: true } })) === null) return nothing;
  const id = randomUUID();
  let noted = 0;
  return {
    note: async (lines) => {
      const ids = lines.flatMap((line) => (line.erasedAt === null ? [] : [line.id]));
      if (ids.length === 0) return;
      // A line of an earlier file that is whole stays with that.
      noted += await db.$executeRaw`
        UPDATE deletion SET exported_in = ${id}::uuid
        WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${ids}::uuid[]) AND NOT EXISTS (
          SELECT FROM ledger_export AS earlier
          WHERE earlier.tenant_id = deletion.tenant_id AND earlier.id = deletion.exported_in
          OFFSET 0
        )`;
    },
    complete: async ({ checksum }) => {
      if (noted > 0) await db.ledgerExport.create({ data: { tenantId, id, checksum, lines: noted } });
    },
  };
}
