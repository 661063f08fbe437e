import { Prisma } from "@lethe/db";
import type { Context } from "../context.ts";
import type { Made } from "./claim-key.ts";
import { keyInUse, type Once } from "./once.ts";

/** The condition for the row of a key, as long as nobody has overtaken the attempt and nothing is done. */
export const ownKey = (tenantId: string, { apiKeyId, keyHash, attempt }: Once) => Prisma.sql`
  idempotency_key.tenant_id = ${tenantId}::uuid AND idempotency_key.api_key_id = ${apiKeyId}::uuid
  AND idempotency_key.key_hash = ${keyHash} AND idempotency_key.attempt = ${attempt}::uuid
  AND idempotency_key.status IS NULL`;

/**
 * Notes in the transaction that makes a chat that it was made, so that it is made once. Does nothing
 * without a key.
 *
 * Throws CONFLICT (idempotency_key_in_use) for an attempt that was overtaken: roll back.
 */
export async function noteMade(
  ctx: Pick<Context, "tenantId" | "once"> & { db: Pick<Context["db"], "$executeRaw"> },
  { status, chatId }: Pick<Made, "chatId"> & { status: number },
): Promise<void> {
  if (ctx.once === undefined) return;
  const noted = await ctx.db.$executeRaw`
    UPDATE idempotency_key SET status = ${status}::integer, chat_id = ${chatId}::uuid
    WHERE ${ownKey(ctx.tenantId, ctx.once)}`;
  if (noted === 0) throw keyInUse();
}

/** Throws CONFLICT (idempotency_key_in_use) for an attempt that was overtaken. Does nothing without a key. */
export async function requireOwnKey({ db, tenantId, once }: Context): Promise<void> {
  if (once === undefined) return;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS own FROM idempotency_key WHERE ${ownKey(tenantId, once)}`;
  if (rows.length === 0) throw keyInUse();
}
