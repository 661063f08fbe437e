import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import type { SentFile } from "../exports/summed.ts";
import type { DeletionRecord } from "../types.ts";

/** Notes which lines of ledgers a file has, so that they may be pruned once all of it was handed over. */
export type LedgerExport = {
  /** Notes lines of a tenant that were read for the file. Of one whose messages are still being erased there is more to tell. */
  note(tenantId: string, lines: readonly Pick<DeletionRecord, "id" | "erasedAt">[]): Promise<void>;
  /** Says that all of the file was taken. `checksum` is its SHA-256, in hexadecimal. */
  complete(sent: Pick<SentFile, "checksum">): Promise<void>;
};

/** Tenants that are written down in one statement. */
const batch = 1_000;

/**
 * Begins an export of the ledger of a tenant, or of several, one after the other. A tenant that keeps its ledger for ever has
 * nothing noted; of each other some bytes are kept in memory.
 */
export function beginLedgerExport(db: Context["db"]): LedgerExport {
  const id = randomUUID();
  const noted = new Map<string, number>();
  let current: { tenantId: string; prunes: boolean } | undefined;
  const prunes = async (tenantId: string): Promise<boolean> => {
    if (current?.tenantId !== tenantId) {
      const where = { tenantId, NOT: { ledgerRetentionDays: null } };
      current = { tenantId, prunes: (await db.tenant.count({ where })) > 0 };
    }
    return current.prunes;
  };
  return {
    note: async (tenantId, lines) => {
      const ids = lines.flatMap((line) => (line.erasedAt === null ? [] : [line.id]));
      if (ids.length === 0 || !(await prunes(tenantId))) return;
      // A line of an earlier file that is whole stays with that, and one that is just noted elsewhere with that one.
      const more = await db.$executeRaw`
        WITH line AS MATERIALIZED (
          -- Each with its tenant: of one that is known beforehand PostgreSQL may think that it has a line or none, and take
          -- any index that begins with it.
          SELECT line.* FROM unnest(${ids.map(() => tenantId)}::uuid[], ${ids}::uuid[]) AS given(tenant_id, id)
          CROSS JOIN LATERAL (
            SELECT tenant_id, ctid AS place, exported_in FROM deletion
            WHERE deletion.tenant_id = given.tenant_id AND deletion.id = given.id
            FOR NO KEY UPDATE SKIP LOCKED
          ) AS line
        ),
        free AS MATERIALIZED (
          SELECT line.tenant_id, line.place FROM line WHERE NOT EXISTS (
            SELECT FROM ledger_export AS earlier
            WHERE earlier.tenant_id = line.tenant_id AND earlier.id = line.exported_in
            OFFSET 0
          )
        )
        UPDATE deletion SET exported_in = ${id}::uuid FROM free
        WHERE deletion.tenant_id = free.tenant_id AND deletion.ctid = free.place`;
      if (more > 0) noted.set(tenantId, (noted.get(tenantId) ?? 0) + more);
    },
    complete: async ({ checksum }) => {
      const tenants = [...noted];
      for (let from = 0; from < tenants.length; from += batch) {
        const some = tenants.slice(from, from + batch);
        // Nothing is left to write down of one that has gone meanwhile.
        await db.$executeRaw`
          INSERT INTO ledger_export (tenant_id, id, checksum, lines)
          SELECT tenant.tenant_id, ${id}::uuid, ${checksum}, noted.lines
          FROM unnest(${some.map(([tenantId]) => tenantId)}::uuid[], ${some.map(([, lines]) => lines)}::integer[])
            AS noted(tenant_id, lines)
          JOIN tenant ON tenant.tenant_id = noted.tenant_id
          FOR KEY SHARE OF tenant`;
      }
    },
  };
}
