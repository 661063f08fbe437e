import { Prisma } from "@lethe/db";
import { andMeets, chatColumns, meets, type VersionCondition } from "../chats/chat-row.ts";
import { lockedChats } from "../chats/given-chats.ts";
import type { Actor, Context } from "../context.ts";
import { chatNotFound, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { type Moved, moveSet, wholeSet } from "./move-set.ts";
import { lockedDays, purgeAt } from "./purge-at.ts";

/**
 * `moment`, `changed` and `told`, for a WITH clause that has the tenant's days and has locked chats as `locked_chat`: moves
 * those into the trash that are not there and meet a condition, which knows them as `chat`.
 */
export const movingIn = (
  { actor, jobId = null }: { actor: Actor; jobId?: string | null },
  condition: Prisma.Sql,
): Prisma.Sql => Prisma.sql`
  moment AS MATERIALIZED (
    SELECT date_trunc('milliseconds', clock_timestamp()) AS at, (SELECT days FROM tenant) AS days
    FROM (SELECT count(*) FROM locked_chat) AS locked
  ),
  changed AS (
    UPDATE chat
    SET trashed_at = (SELECT at FROM moment),
      trashed_by_kind = ${actor.kind}, trashed_by_id = ${actor.id}, trashed_by_name = ${actor.name ?? null},
      purge_at = (SELECT ${purgeAt(Prisma.sql`moment.at`, Prisma.sql`moment.days`)} FROM moment),
      trash_job_id = ${jobId}::uuid, version = version + 1
    FROM (
      SELECT chat.tenant_id, chat.id FROM locked_chat AS chat
      WHERE chat.trashed_at IS NULL AND EXISTS (SELECT FROM tenant) AND ${condition}
      OFFSET 0
    ) AS moved
    WHERE chat.tenant_id = moved.tenant_id AND chat.id = moved.id
    RETURNING chat.*
  ),
  told AS (
    INSERT INTO event (tenant_id, type, chat_id, at)
    SELECT tenant_id, 'chat.trashed', id, trashed_at FROM changed
  )`;

/**
 * Moves a set of chats into the trash in one statement, and answers those that there are, in any order. One that
 * is in the trash already is left as it is. So is one that does not meet the
 * condition.
 *
 * The doors are locked as a deletion locks them: nobody opens a connection meanwhile, and who tries again finds the
 * chat in the trash. They are judged as they are once they are locked, and changed by their keys.
 *
 * Throws SERVICE_UNAVAILABLE (chat_busy) when one of them stays locked; then none was moved.
 */
export function trashSet(
  ctx: Context,
  { chatIds, ...condition }: { chatIds: readonly string[] } & VersionCondition,
): Promise<Moved[]> {
  const { tenantId, db } = ctx;
  return moveSet(
    ctx,
    chatIds,
    () => db.$queryRaw`
      WITH ${lockedDays(tenantId)},
      locked_chat AS MATERIALIZED (
        ${lockedChats(tenantId, chatIds, Prisma.sql`FOR UPDATE`)}
      ),
      ${wholeSet(tenantId, chatIds)},
      ${movingIn(ctx, Prisma.sql`(SELECT whole FROM free) ${andMeets(Prisma.sql`chat.version`, condition)}`)}
      SELECT ${chatColumns}, chat.changed, (SELECT whole FROM free) AND EXISTS (SELECT FROM tenant) AS moved FROM (
        SELECT *, true AS changed FROM changed
        UNION ALL
        SELECT *, false AS changed FROM locked_chat WHERE locked_chat.id NOT IN (SELECT id FROM changed)
      ) AS chat`,
  );
}

export type TrashChat = { chatId: string } & VersionCondition;

/**
 * Moves a chat into the trash, if it meets the condition: there it can be read and restored, and nothing else. It is
 * purged when the tenant's days are over. Its `updatedAt` stays, so that it comes back to its place in the list.
 *
 * A chat that is in the trash already is answered as it is, whichever `versions` are asked for: the first of two tries
 * may have been the one that did it.
 *
 * Throws NOT_FOUND (chat_not_found) and PRECONDITION_FAILED (version_mismatch).
 */
export async function trashChat(ctx: Context, { chatId, ...condition }: TrashChat): Promise<Chat> {
  const [moved] = await trashSet(ctx, { chatIds: [chatId], ...condition });
  if (moved === undefined) throw chatNotFound();
  const { chat, changed } = moved;
  const { versions, exceptVersions } = condition;
  const again = chat.trashedAt !== null && versions?.length !== 0 && meets(chat.version, { exceptVersions });
  if (!changed && !again) throw versionMismatch(chat.version);
  return chat;
}
