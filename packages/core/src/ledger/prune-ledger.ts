import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { inBatches } from "../background/in-batches.ts";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";

type Place = { at: Date; id: string };
const first: Place = { at: new Date(0), id: "00000000-0000-0000-0000-000000000000" };
const looked = z.tuple([z.object({ rows: z.int(), at: z.date().nullable(), id: z.string().nullable() })]);

/**
 * Removes lines of a tenant's ledger that are older than the tenant keeps them and lie in an export that was handed over
 * completely; behind a place, and looking at `size` of them at most. Their chats' ids stay used. Answers the last place that
 * it looked at, or null at the end.
 */
export async function pruneLedger(
  db: Database,
  tenantId: string,
  after: Place | null,
  size: number,
): Promise<Place | null> {
  const { at, id } = after ?? first;
  const rows = await db.$queryRaw`
    WITH old AS MATERIALIZED (
      SELECT line.tenant_id, line.ctid AS place, line.id, line.chat_id, line.deleted_at, EXISTS (
        SELECT FROM ledger_export AS whole
        WHERE whole.tenant_id = line.tenant_id AND whole.id = line.exported_in OFFSET 0
      ) AS bound
      FROM deletion AS line
      WHERE line.tenant_id = ${tenantId}::uuid AND line.exported_in IS NOT NULL AND line.erased_at IS NOT NULL
        AND (line.deleted_at, line.id) > (${at}::timestamptz, ${id}::uuid)
        AND line.deleted_at < (
          -- A ledger that is summed up stays as it is.
          SELECT clock_timestamp() - ledger_retention_days * interval '1 day' FROM tenant
          WHERE tenant_id = ${tenantId}::uuid AND leaving_since IS NULL
        )
      ORDER BY line.deleted_at, line.id
      LIMIT ${size}::integer
      FOR UPDATE SKIP LOCKED
    ),
    kept AS (
      -- Whoever makes a chat sees the line or this, and never neither.
      INSERT INTO used_chat_id (tenant_id, chat_id) SELECT ${tenantId}::uuid, chat_id FROM old WHERE bound
      ON CONFLICT DO NOTHING
    ),
    gone AS (
      DELETE FROM deletion USING (SELECT tenant_id, place FROM old WHERE bound OFFSET 0) AS line
      WHERE deletion.tenant_id = line.tenant_id AND deletion.ctid = line.place
    )
    SELECT (SELECT count(*)::integer FROM old) AS rows, last.deleted_at AS at, last.id
    FROM (SELECT) AS always
    LEFT JOIN (SELECT deleted_at, id FROM old ORDER BY deleted_at DESC, id DESC LIMIT 1) AS last ON true`;
  const [last] = looked.parse(rows);
  return last.at !== null && last.id !== null && last.rows === size ? { at: last.at, id: last.id } : null;
}

/** Lines that a batch looks at. */
const bounds = { targetMs: [5, 20], smallest: 100, first: 500, largest: 5_000 } as const;

/** Prunes the ledgers of tenants that have said for how long they keep them. */
export function ledgerTasks({ db }: Pick<TaskOptions, "db">): TaskModule {
  return {
    tasks: [
      {
        name: "ledger_pruning",
        work: inBatches(db, bounds, pruneLedger),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT tenant.tenant_id FROM tenant
          WHERE tenant.ledger_retention_days IS NOT NULL AND tenant.leaving_since IS NULL
            AND tenant.tenant_id > ${tenantId}
          ORDER BY tenant.tenant_id LIMIT 1
        )`,
        // Only the first of the index of exported lines: whether there is any that is old may be looked for among all lines.
        isDue: Prisma.sql`(
          SELECT min(line.deleted_at) FROM deletion AS line
          WHERE line.tenant_id = waiting.tenant_id AND line.exported_in IS NOT NULL
        ) < (
          SELECT clock_timestamp() - ledger_retention_days * interval '1 day' FROM tenant
          WHERE tenant.tenant_id = waiting.tenant_id
        )`,
        lookMs: 60_000,
      },
    ],
    sweeps: [],
  };
}
