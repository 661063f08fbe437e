import { randomUUID } from "node:crypto";
import { Prisma } from "@lethe/db";
import { foldTitle } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import { chatNotFound, chatTrashed, LetheError, versionMismatch } from "../errors.ts";
import { recordResult } from "../idempotency/keys.ts";
import type { Chat } from "../types.ts";
import { andMeets, chatColumns, chatRows, meets, type VersionCondition } from "./chat-row.ts";
import { freeChat, inTurn, locked } from "./chat-turns.ts";
import { readChat } from "./read-chat.ts";

const used = z.tuple([z.object({ used: z.boolean() })]);

/**
 * Creates an empty chat. Without an `id` it gets a random one (UUID version 4, RFC 9562).
 *
 * An id is used once: throws CONFLICT (chat_id_used) for one that exists or was deleted. Under an idempotency
 * key the chat is made once: throws CONFLICT (idempotency_key_in_use) when another attempt has the key.
 */
export async function createChat(
  ctx: Context,
  { title, id = randomUUID() }: { title: string; id?: string | undefined },
): Promise<Chat> {
  const { actor } = ctx;
  const { folded, terms } = foldTitle(ctx.tenantId, title);
  return ctx.db.$transaction(async (tx) => {
    // A deletion in flight still holds the transcript's key, so this waits for its outcome.
    const taken = await tx.$executeRaw`
      INSERT INTO transcript (tenant_id, chat_id) VALUES (${ctx.tenantId}::uuid, ${id}::uuid)
      ON CONFLICT DO NOTHING`;
    if (taken === 0) throw idUsed(id);
    // A statement of its own: its snapshot has the ledger row of the deletion that was waited for.
    const ledger = await tx.$queryRaw`
      SELECT EXISTS (
        SELECT FROM deletion WHERE tenant_id = ${ctx.tenantId}::uuid AND chat_id = ${id}::uuid
      ) OR EXISTS (
        -- Where its line was pruned.
        SELECT FROM used_chat_id WHERE tenant_id = ${ctx.tenantId}::uuid AND chat_id = ${id}::uuid
      ) AS used`;
    if (used.parse(ledger)[0].used) throw idUsed(id);
    const rows = await tx.$queryRaw`
      WITH chat AS (
        INSERT INTO chat (tenant_id, id, title, title_folded, created_by_kind, created_by_id, created_by_name)
        VALUES (${ctx.tenantId}::uuid, ${id}::uuid, ${title}, ${folded}, ${actor.kind}, ${actor.id}, ${actor.name ?? null})
        RETURNING *
      ),
      indexed AS (
        INSERT INTO title_index (tenant_id, chat_id, terms, folded)
        SELECT chat.tenant_id, chat.id, ${terms}::integer[], chat.title_folded FROM chat
      ),
      outbox_event AS (
        INSERT INTO event (tenant_id, type, chat_id, at)
        SELECT chat.tenant_id, 'chat.created', chat.id, chat.created_at FROM chat
      )
      SELECT ${chatColumns} FROM chat`;
    await recordResult({ ...ctx, db: tx }, { status: 201, chatId: id });
    return z.tuple([chatRows.element]).parse(rows)[0];
  });
}

function idUsed(id: string): LetheError {
  return new LetheError(
    "CONFLICT",
    "chat_id_used",
    `The chat id ${id} is or was in use, and an id is used only once. Choose another, or leave it out to get one`,
  );
}

/** One chat, in the trash or not. Throws NOT_FOUND (chat_not_found). */
export async function getChat(ctx: Context, { chatId }: { chatId: string }): Promise<Chat> {
  const chat = await readChat(ctx.db, { tenantId: ctx.tenantId, chatId });
  if (chat === undefined) throw chatNotFound();
  return chat;
}

type RenameChat = { chatId: string; title: string } & VersionCondition;

/**
 * Gives a chat another title, if it meets the condition.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed), PRECONDITION_FAILED (version_mismatch) and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function renameChat(ctx: Context, input: RenameChat): Promise<Chat> {
  return inTurn(ctx, input.chatId, () => renameIfFree(ctx, input));
}

async function renameIfFree(
  ctx: Context,
  { chatId, title, ...condition }: RenameChat,
): Promise<Chat | typeof locked> {
  const { folded, terms } = foldTitle(ctx.tenantId, title);
  const rows = await ctx.db.$queryRaw`
    WITH ${freeChat(ctx.tenantId, chatId)},
    chat AS (
      UPDATE chat
      SET title = ${title}, title_folded = ${folded},
        version = version + 1, updated_at = greatest(updated_at, clock_timestamp())
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (
        SELECT free.id FROM free WHERE free.trashed_at IS NULL ${andMeets(Prisma.sql`free.version`, condition)}
      )
      RETURNING *
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT tenant_id, id, ${terms}::integer[], title_folded FROM chat
      ON CONFLICT (tenant_id, chat_id) DO UPDATE SET terms = excluded.terms, folded = excluded.folded
        WHERE title_index.folded IS DISTINCT FROM excluded.folded
    ),
    outbox_event AS (
      INSERT INTO event (tenant_id, type, chat_id, at)
      SELECT tenant_id, 'chat.updated', id, updated_at FROM chat
    )
    SELECT ${chatColumns} FROM chat`;
  const [renamed] = chatRows.parse(rows);
  if (renamed !== undefined) return renamed;
  const unchanged = await getChat(ctx, { chatId });
  if (unchanged.trashedAt !== null) throw chatTrashed();
  if (meets(unchanged.version, condition)) return locked;
  throw versionMismatch(unchanged.version);
}
