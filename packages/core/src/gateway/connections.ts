import { z } from "zod";
import { locked, onceThenInTurn } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import type { Context } from "../context.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { chatTrashed, LetheError } from "../errors.ts";

const answer = z.tuple([z.object({ found: z.boolean(), opened: z.boolean() })]);

type OpenConnection = { chatId: string; gatewayId: string; connectionId: string };

/**
 * Writes down that a socket is open on a chat; from then on the chat is not deleted without force.
 * Call it before the handshake is answered, and release the connection after the socket is closed.
 *
 * It either comes before a deletion, which then finds the connection, or after it and finds no chat: both lock the
 * chat's row. So does moving it into the trash. The caller has to look at its fence after this has answered.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed) while the chat is in the trash, and
 * SERVICE_UNAVAILABLE when the gateway has lapsed (unavailable) or the chat stayed locked (chat_busy).
 */
export function openConnection(ctx: Context, input: OpenConnection): Promise<void> {
  return onceThenInTurn(ctx, input.chatId, () => openIfFree(ctx, input));
}

async function openIfFree(
  ctx: Context,
  { chatId, gatewayId, connectionId }: OpenConnection,
): Promise<undefined | typeof locked> {
  // The lease is judged by a subquery on the row so that it comes after the chat is locked.
  const rows = await ctx.db.$queryRaw`
    WITH chat_row AS MATERIALIZED (
      SELECT tenant_id, id FROM chat
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid AND trashed_at IS NULL
      FOR KEY SHARE SKIP LOCKED
    ),
    opened AS (
      INSERT INTO connection (tenant_id, chat_id, id, gateway_id)
      SELECT chat_row.tenant_id, chat_row.id, ${connectionId}::uuid, ${gatewayId}::uuid
      FROM chat_row
      WHERE (
        SELECT NOT gateway.lapsed FROM gateway
        WHERE gateway.id = ${gatewayId}::uuid AND chat_row.id IS NOT NULL
      )
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM chat_row) AS found, EXISTS (SELECT FROM opened) AS opened`.catch(refusal);
  const [{ found, opened }] = answer.parse(rows);
  if (!found) {
    const { trashedAt } = await getChat(ctx, { chatId });
    if (trashedAt !== null) throw chatTrashed();
    return locked;
  }
  if (!opened) throw noLease();
}

function noLease(): LetheError {
  return new LetheError(
    "SERVICE_UNAVAILABLE",
    "unavailable",
    "This server cannot take live connections at the moment; connect again",
    { retryAfter: 1 },
  );
}

function refusal(error: unknown): never {
  // The chat is locked, so of the two foreign keys only the gateway's can be violated.
  if (sqlState(error) === sqlStates.foreignKeyViolation) throw noLease();
  throw error;
}

/**
 * Takes a closed socket off its chat, so that it no longer stands in the way of a deletion. A
 * connection that is gone already, with its chat or its gateway, is no failure.
 */
export async function releaseConnection(
  ctx: Context,
  { chatId, connectionId }: { chatId: string; connectionId: string },
): Promise<void> {
  await ctx.db.$executeRaw`
    DELETE FROM connection
    WHERE tenant_id = ${ctx.tenantId}::uuid AND chat_id = ${chatId}::uuid AND id = ${connectionId}::uuid`;
}
