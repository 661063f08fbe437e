import { z } from "zod";
import { getChat } from "../chats/get-chat.ts";
import type { Context } from "../context.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { chatTrashed, LetheError } from "../errors.ts";

const answer = z.tuple([z.object({ door: z.boolean(), opened: z.boolean() })]);

/**
 * Writes down that a socket is open on a chat; from then on the chat is not deleted without force.
 * Call it before the handshake is answered, and release the connection after the socket is closed.
 *
 * It either comes before a deletion, which then finds the connection, or waits for it and finds no chat:
 * both lock the chat's row. So does moving it into the trash. The caller has to look at its fence after this
 * has answered.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed) while the chat is in the trash, and
 * SERVICE_UNAVAILABLE when the gateway has lapsed or the chat stayed locked for too long.
 */
export async function openConnection(
  ctx: Context,
  { chatId, gatewayId, connectionId }: { chatId: string; gatewayId: string; connectionId: string },
): Promise<void> {
  // The lease is judged by a subquery on the door so that it comes after the wait for the chat's lock.
  const rows = await ctx.db.$queryRaw`
    WITH door AS MATERIALIZED (
      SELECT tenant_id, id FROM chat
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid AND trashed_at IS NULL
      FOR KEY SHARE
    ),
    opened AS (
      INSERT INTO connection (tenant_id, chat_id, id, gateway_id)
      SELECT door.tenant_id, door.id, ${connectionId}::uuid, ${gatewayId}::uuid
      FROM door
      WHERE (
        SELECT NOT gateway.lapsed FROM gateway
        WHERE gateway.id = ${gatewayId}::uuid AND door.id IS NOT NULL
      )
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM door) AS door, EXISTS (SELECT FROM opened) AS opened`.catch(refusal);
  const [{ door, opened }] = answer.parse(rows);
  if (!door) {
    await getChat(ctx, { chatId });
    throw chatTrashed();
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
  const state = sqlState(error);
  // The door is locked, so of the two foreign keys only the gateway's can be violated.
  if (state === sqlStates.foreignKeyViolation) throw noLease();
  if (state === sqlStates.lockTimeout) {
    throw new LetheError("SERVICE_UNAVAILABLE", "unavailable", "The chat is being changed; connect again", {
      retryAfter: 1,
    });
  }
  throw error;
}
