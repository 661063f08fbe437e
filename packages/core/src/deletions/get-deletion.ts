import type { Context } from "../context.ts";
import { LetheError } from "../errors.ts";
import type { DeletionRecord } from "../types.ts";
import { deletionColumns, deletionRows } from "./deletion-row.ts";

/** One line of a tenant's ledger. Throws NOT_FOUND (deletion_not_found). */
export async function getDeletion(
  ctx: Context,
  { deletionId }: { deletionId: string },
): Promise<DeletionRecord> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${deletionColumns} FROM deletion
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${deletionId}::uuid`;
  const [deletion] = deletionRows.parse(rows);
  if (deletion === undefined) throw new LetheError("NOT_FOUND", "deletion_not_found", "Deletion not found");
  return deletion;
}
