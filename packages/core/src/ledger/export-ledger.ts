import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { provenTenantId } from "../credentials/principal.ts";
import { inOrder } from "../in-order.ts";
import { listPublicKeys } from "../receipts/signing-keys.ts";
import type { DeletionRecord } from "../types.ts";
import { deletionColumns, deletionRows } from "./deletions.ts";
import type { LedgerExport } from "./ledger-exports.ts";
import type { LedgerDeletion, LedgerDeparture, LedgerLine } from "./ledger-line.ts";

export { beginLedgerExport } from "./ledger-exports.ts";

const pageSize = 1_000;
const nil = "00000000-0000-0000-0000-000000000000";
const tenantRows = z.array(z.object({ tenant_id: provenTenantId }));

export type ExportLedger = {
  /** Only this tenant's deletions; default: everybody's. */
  tenantId?: string | undefined;
  /** Only deletions from this moment on; default: all. */
  since?: Date | undefined;
  /** Notes which lines were read, for who takes all of them. */
  noting?: LedgerExport | undefined;
};

/**
 * Reads the whole ledger, page by page: first the public keys of receipts, then the tenants that have left, then the deletions of one tenant
 * after the other, the oldest first. Memory and transactions do not grow with it. Deletions that are committed
 * meanwhile may be missing.
 */
export async function* exportLedger(
  db: Database,
  { tenantId, since = new Date(0), noting }: ExportLedger,
): AsyncGenerator<LedgerLine[], void> {
  yield (await listPublicKeys(db)).map(({ jwk, retiredAt }) => ({
    type: "signing_key",
    jwk,
    retired_at: retiredAt,
  }));
  yield* departuresSince(db, since, tenantId);
  if (tenantId !== undefined) yield* deletionsOf(db, provenTenantId.parse(tenantId), { since, noting });
  else for await (const tenant of tenantsOf(db)) yield* deletionsOf(db, tenant, { since, noting });
}

/** Tenants that have left, or whether one has, in the order of their ids. */
async function* departuresSince(
  db: Database,
  since: Date,
  only: string | undefined,
): AsyncGenerator<LedgerDeparture[], void> {
  let last = nil;
  for (;;) {
    const rows = await db.departure.findMany({
      where: { tenantId: only ?? { gt: last }, leftAt: { gte: since } },
      select: { tenantId: true, leftAt: true, receipt: true },
      orderBy: { tenantId: "asc" },
      take: pageSize,
    });
    const lines = rows.flatMap(({ tenantId, leftAt, receipt }): LedgerDeparture[] =>
      leftAt && receipt ? [{ type: "departure", tenant_id: tenantId, left_at: leftAt, receipt }] : [],
    );
    if (lines.length > 0) yield lines;
    last = rows.at(-1)?.tenantId ?? nil;
    if (rows.length < pageSize || only !== undefined) return;
  }
}

/** Tenants with deletions, in the order of their ids. */
async function* tenantsOf(db: Database): AsyncGenerator<TenantId, void> {
  let last = nil;
  for (;;) {
    const rows = await db.$queryRaw`
      SELECT tenant_id FROM deletion WHERE tenant_id > ${last}::uuid ORDER BY tenant_id LIMIT 1`;
    const [row] = tenantRows.parse(rows);
    if (row === undefined) return;
    yield row.tenant_id;
    last = row.tenant_id;
  }
}

async function* deletionsOf(
  db: Database,
  tenantId: TenantId,
  { since, noting }: { since: Date; noting: LedgerExport | undefined },
): AsyncGenerator<LedgerDeletion[], void> {
  let place = { deletedAt: since, id: nil };
  for (;;) {
    const rows = await db.$queryRaw`
      SELECT ${deletionColumns} FROM deletion ${inOrder}
      WHERE tenant_id = ${tenantId}::uuid
        AND (deleted_at, id) > (${place.deletedAt}::timestamptz, ${place.id}::uuid)
      ORDER BY deleted_at, id
      LIMIT ${pageSize}::integer`;
    const page = deletionRows.parse(rows);
    const last = page.at(-1);
    if (last === undefined) return;
    await noting?.note(tenantId, page);
    yield page.map((deletion) => toLine(tenantId, deletion));
    place = last;
  }
}

const toLine = (tenantId: TenantId, deletion: DeletionRecord): LedgerDeletion => ({
  type: "deletion",
  tenant_id: tenantId,
  id: deletion.id,
  chat_id: deletion.chatId,
  deleted_at: deletion.deletedAt,
  erased_at: deletion.erasedAt,
  message_count: deletion.messageCount,
  actor: deletion.actor,
  via: deletion.via,
  forced: deletion.forced,
  export_checksum: deletion.exportChecksum,
});
