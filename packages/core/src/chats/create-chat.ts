import { randomUUID } from "node:crypto";
import { foldTitle } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import { LetheError } from "../errors.ts";
import { noteMade } from "../idempotency/own-key.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";

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
      ) AS used`;
    if (used.parse(ledger)[0].used) throw idUsed(id);
    const rows = await tx.$queryRaw`
      WITH chat AS (
        INSERT INTO chat (tenant_id, id, title, title_folded)
        VALUES (${ctx.tenantId}::uuid, ${id}::uuid, ${title}, ${folded})
        RETURNING *
      ),
      indexed AS (
        INSERT INTO title_index (tenant_id, chat_id, terms, folded)
        SELECT chat.tenant_id, chat.id, ${terms}::integer[], chat.title_folded FROM chat
      ),
      told AS (
        INSERT INTO event (tenant_id, type, chat_id, at)
        SELECT chat.tenant_id, 'chat.created', chat.id, chat.created_at FROM chat
      )
      SELECT ${chatColumns} FROM chat`;
    await noteMade({ ...ctx, db: tx }, { status: 201, chatId: id });
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
