import { type Database, Prisma, queryRows } from "@lethe/db";
import { z } from "zod";
import type { TenantTask } from "./task-module.ts";

/** Tenants that one call looks at. */
const lookSize = 500;
/** Where looking begins: before the first tenant. */
export const firstTenant = "00000000-0000-0000-0000-000000000000";

const rowsSchema = z.tuple([
  z.object({ due: z.array(z.string()), last: z.string().nullable(), looked: z.int() }),
]);

/**
 * Tenants that have something to do, and where the next call is to begin. It looks at some tenants behind `after`, each
 * by one look into an index, however much there is to do for one of them.
 */
export async function findDueTenants(
  db: Database,
  { tenantAfter, isDue = Prisma.sql`true` }: Pick<TenantTask, "tenantAfter" | "isDue">,
  after = firstTenant,
): Promise<{ tenantIds: string[]; next: string }> {
  const rows = await queryRows(db)`
    WITH RECURSIVE step(tenant_id) AS (
      SELECT ${tenantAfter(Prisma.sql`${after}::uuid`)}
      UNION ALL
      SELECT ${tenantAfter(Prisma.sql`step.tenant_id`)} FROM step WHERE step.tenant_id IS NOT NULL
    ),
    waiting AS MATERIALIZED (
      SELECT tenant_id FROM step WHERE tenant_id IS NOT NULL LIMIT ${lookSize}::integer
    )
    SELECT ARRAY(SELECT tenant_id::text FROM waiting WHERE ${isDue} ORDER BY tenant_id) AS due,
      (SELECT tenant_id FROM waiting ORDER BY tenant_id DESC LIMIT 1) AS last,
      (SELECT count(*)::integer FROM waiting) AS looked`;
  const [{ due, last, looked }] = rowsSchema.parse(rows);
  return { tenantIds: due, next: looked < lookSize || last === null ? firstTenant : last };
}
