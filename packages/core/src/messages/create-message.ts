import { Prisma } from "@lethe/db";
import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/get-chat.ts";
import type { Context } from "../context.ts";
import { chatTrashed } from "../errors.ts";
import { ownKey, requireOwnKey } from "../idempotency/own-key.ts";
import type { Message } from "../types.ts";
import { messageRows } from "./message-row.ts";

export type CreateMessage = { chatId: string; author: string; body: string };

/**
 * Writes a message at the end of a chat. Its `seq` is taken under the lock of the chat's row, the same
 * that a deletion takes: nothing can be written into a chat that is gone.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed) while it is in the trash, and SERVICE_UNAVAILABLE
 * (chat_busy) when somebody else keeps it locked. Under an idempotency key the message is written once: throws
 * CONFLICT (idempotency_key_in_use) when another attempt has the key.
 */
export function createMessage(ctx: Context, input: CreateMessage): Promise<Message> {
  return inTurn(ctx, input.chatId, () => writeIfFree(ctx, input));
}

async function writeIfFree(
  ctx: Context,
  { chatId, author, body }: CreateMessage,
): Promise<Message | typeof locked> {
  // The time is the clock's, not the transaction's, which may have begun long before it got the lock:
  // within a chat, times go up with seq.
  const own = ctx.once && ownKey(ctx.tenantId, ctx.once);
  const rows = await ctx.db.$queryRaw`
    WITH ${own ? Prisma.sql`own AS (SELECT 1 FROM idempotency_key WHERE ${own} FOR UPDATE),` : Prisma.empty}
    ${freeChat(ctx.tenantId, chatId)},
    door AS (
      UPDATE chat
      SET message_count = message_count + 1,
          version = version + 1,
          updated_at = greatest(updated_at, clock_timestamp())
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND trashed_at IS NULL
        ${own ? Prisma.sql`AND EXISTS (SELECT FROM own)` : Prisma.empty}
      RETURNING tenant_id, id, message_count, updated_at
    ),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
      SELECT tenant_id, id, message_count, ${author}, ${body}, updated_at FROM door
      RETURNING *
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, seq, at)
      SELECT tenant_id, 'message.created', chat_id, seq, created_at FROM written
    )${own ? Prisma.sql`, ${noted(own)}` : Prisma.empty}
    SELECT id, chat_id, seq, author, body, created_at FROM written`;
  const [message] = messageRows.parse(rows);
  if (message !== undefined) return message;
  await requireOwnKey(ctx);
  const { trashedAt } = await getChat(ctx, { chatId });
  if (trashedAt !== null) throw chatTrashed();
  return locked;
}

/** That the message was written goes into the row of the key in the same transaction. */
const noted = (own: Prisma.Sql) => Prisma.sql`noted AS (
  UPDATE idempotency_key SET status = 201, chat_id = written.chat_id, seq = written.seq
  FROM written WHERE ${own}
)`;
