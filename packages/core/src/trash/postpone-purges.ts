import { type Database, Prisma } from "@lethe/db";
import { purgeAt } from "./purge-at.ts";

/** `seconds` from now, or null: when the tenant's days as they are now are over. */
export type Postponement = { tenantId: string; chatId: string; version: number; seconds: number | null };

/**
 * Sets another time for purges, so that a sweep does not meet the same chats at every turn. A chat that is no
 * longer at `version` is left alone: a hold that was released meanwhile has set the time itself. So is one that
 * somebody else has locked: the next batch meets it again. Answers how many were set.
 */
export async function postponePurges(
  tx: Pick<Database, "$executeRaw">,
  postponements: readonly Postponement[],
): Promise<number> {
  if (postponements.length === 0) return 0;
  const days = Prisma.sql`tenant.trash_retention_days`;
  return tx.$executeRaw`
    WITH seen AS MATERIALIZED (
      SELECT * FROM unnest(
        ${postponements.map(({ tenantId }) => tenantId)}::uuid[],
        ${postponements.map(({ chatId }) => chatId)}::uuid[],
        ${postponements.map(({ version }) => version)}::integer[],
        ${postponements.map(({ seconds }) => seconds)}::integer[]
      ) AS seen (tenant_id, chat_id, version, seconds)
    ),
    door AS MATERIALIZED (
      SELECT chat.tenant_id, chat.id, chat.trashed_at, seen.version, seen.seconds
      FROM seen
      CROSS JOIN LATERAL (
        SELECT tenant_id, id, trashed_at FROM chat WHERE chat.tenant_id = seen.tenant_id AND chat.id = seen.chat_id
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS chat
    )
    UPDATE chat
    SET purge_at = CASE
      WHEN door.seconds IS NULL THEN ${purgeAt(Prisma.sql`chat.trashed_at`, days)}
      ELSE clock_timestamp() + door.seconds * interval '1 second'
    END
    FROM door
    JOIN tenant ON tenant.tenant_id = door.tenant_id
    WHERE chat.tenant_id = door.tenant_id AND chat.id = door.id AND chat.version = door.version
      -- As it was locked. Of chat itself it would have the index of the trash taken in the place of the key.
      AND door.trashed_at IS NOT NULL`;
}
