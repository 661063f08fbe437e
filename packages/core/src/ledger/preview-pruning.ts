import { z } from "zod";
import { searching } from "../chats/search-list.ts";
import type { Context } from "../context.ts";
import { inOrder } from "../in-order.ts";

/** What a tenant that keeps its ledger for so many days would lose of it. */
export type LedgerPreview = {
  /** Lines that are older. */
  matched: number;
  /** Those of them that lie in an export that was handed over completely: they go at once, the others once they do too. */
  exported: number;
  /** It tells of the lines that there were at this moment. */
  asOf: Date;
  /** False if there are more lines than are counted: then there may be more of everything. */
  complete: boolean;
};

/** Lines that are counted at most: a tenth of a second. */
const countedAtMost = 100_000;

const counts = z.tuple([z.object({ matched: z.int(), exported: z.int(), asOf: z.date() })]);

/**
 * Tells which lines of the ledger `ledgerRetentionDays` would prune, and changes nothing. It judges as the pruning does, and
 * counts the oldest 100,000. It counts as a search: throws TOO_MANY_REQUESTS for one too many.
 */
export function previewLedgerRetention(
  ctx: Context,
  { ledgerRetentionDays }: { ledgerRetentionDays: number },
): Promise<LedgerPreview> {
  return searching(ctx, () => count(ctx, ledgerRetentionDays));
}

async function count({ db, tenantId }: Context, days: number): Promise<LedgerPreview> {
  const rows = await db.$queryRaw`
    WITH moment AS MATERIALIZED (SELECT clock_timestamp()::timestamptz(3) AS now),
    old AS (
      SELECT line.exported_in, line.erased_at FROM deletion AS line ${inOrder}
      WHERE line.tenant_id = ${tenantId}::uuid
        AND line.deleted_at < (SELECT now FROM moment) - ${days}::integer * interval '1 day'
      ORDER BY line.deleted_at, line.id
      LIMIT ${countedAtMost + 1}::integer
    )
    SELECT count(*)::integer AS matched,
      (count(whole.id) FILTER (WHERE old.erased_at IS NOT NULL))::integer AS exported,
      (SELECT now FROM moment) AS "asOf"
    FROM old
    LEFT JOIN ledger_export AS whole ON whole.tenant_id = ${tenantId}::uuid AND whole.id = old.exported_in`;
  const [{ matched, exported, asOf }] = counts.parse(rows);
  return {
    matched: Math.min(matched, countedAtMost),
    exported: Math.min(exported, countedAtMost),
    asOf,
    complete: matched <= countedAtMost,
  };
}
