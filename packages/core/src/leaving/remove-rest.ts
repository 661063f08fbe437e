import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import type { SigningKey } from "../receipts/signing-keys.ts";
import { signTenantReceipt } from "../receipts/tenant-receipt.ts";
import { isPlacedIn, rowPlace } from "../row-places.ts";
import { lockFanOut } from "../webhooks/fan-out.ts";
import { endCredentials } from "./end-credentials.ts";

/** Tables of which a tenant may have very many rows; what it has in others goes with its own row. */
const longTables = [
  ...["deletion_job_failure", "webhook_delivery", "webhook_message", "idempotency_key", "event", "deletion"],
  "used_chat_id",
];
/** Rows that one statement removes. */
const batchSize = 2_000;

/** Removes some of what a tenant has in long tables. False where there is nothing, or only what others have locked. */
export async function removeBatch(tx: Prisma.TransactionClient, tenantId: string): Promise<boolean> {
  for (const table of longTables) {
    const name = Prisma.raw(table);
    const removed = await tx.$executeRaw`
      WITH rest AS MATERIALIZED (
        SELECT ${rowPlace} FROM ${name} WHERE tenant_id = ${tenantId}::uuid
        LIMIT ${batchSize}::integer
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM ${name} WHERE ${isPlacedIn(Prisma.sql`rest`)}`;
    if (removed > 0) return true;
  }
  return false;
}

const leftRows = z.array(
  z.object({
    startedAt: z.date(),
    leftAt: z.date(),
    actorKind: z.string(),
    via: z.string(),
    chats: z.int(),
    messages: z.bigint(),
    ledgerDigest: z.string(),
  }),
);
const emptyRows = z.tuple([z.object({ empty: z.boolean() })]);

/** Thrown where somebody was still writing, so that nothing is done. */
class NotEmpty extends Error {
  override readonly name = "NotEmpty";
}

/**
 * Removes the tenant's own row with all that hangs on it, and signs the receipt, in one transaction. False: somebody still
 * has something of it under way, and nothing was done.
 */
export async function finishLeaving(db: Database, tenantId: string, key: SigningKey): Promise<boolean> {
  return db
    .$transaction(async (tx) => {
      // What webhooks are told hangs on no row of the tenant, so nobody may be writing any.
      if (!(await lockFanOut(tx))) return false;
      await endCredentials(tx, tenantId);
      await tx.$executeRaw`DELETE FROM tenant WHERE tenant_id = ${tenantId}::uuid`;
      // Whoever had one of its rows locked is done by now. What they have written beside it is seen by this.
      if (!(await isEmpty(tx, tenantId))) throw new NotEmpty();
      const [left] = leftRows.parse(
        await tx.$queryRaw`
          UPDATE departure
          SET state = 'left', since = clock_timestamp(), left_at = clock_timestamp(), actor_id = NULL, actor_name = NULL
          WHERE tenant_id = ${tenantId}::uuid AND state = 'removing'
          RETURNING started_at AS "startedAt", left_at AS "leftAt", actor_kind AS "actorKind", via, chats, messages,
            ledger_digest AS "ledgerDigest"`,
      );
      if (left === undefined) return false;
      const { messages, ...facts } = left;
      const receipt = signTenantReceipt(key, { tenantId, ...facts, messages: Number(messages) });
      await tx.departure.update({ where: { tenantId }, data: { receipt } });
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof NotEmpty) return false;
      throw error;
    });
}

async function isEmpty(tx: Prisma.TransactionClient, tenantId: string): Promise<boolean> {
  const rows = await tx.$queryRaw`
    SELECT NOT EXISTS (SELECT FROM event WHERE tenant_id = ${tenantId}::uuid)
      AND NOT EXISTS (SELECT FROM webhook_message WHERE tenant_id = ${tenantId}::uuid)
      AND NOT EXISTS (SELECT FROM deletion WHERE tenant_id = ${tenantId}::uuid) AS empty`;
  return emptyRows.parse(rows)[0].empty;
}
