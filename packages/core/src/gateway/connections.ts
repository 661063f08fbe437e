import { queryRows } from "@lethe/db";
import { z } from "zod";
import { credential, liveConnections } from "../chats/chat-row.ts";
import { locked, onceThenInTurn } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import type { Context } from "../context.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { chatNotFound, chatTrashed, LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Connection } from "../types.ts";

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
  const { actor } = ctx;
  // The lease is judged by a subquery on the row so that it comes after the chat is locked.
  const rows = await ctx.db.$queryRaw`
    WITH chat_row AS MATERIALIZED (
      SELECT tenant_id, id, trashed_at FROM chat
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid
      FOR KEY SHARE SKIP LOCKED
    ),
    opened AS (
      INSERT INTO connection (tenant_id, chat_id, id, gateway_id, actor_kind, actor_id, actor_name)
      SELECT chat_row.tenant_id, chat_row.id, ${connectionId}::uuid, ${gatewayId}::uuid,
        ${actor.kind}, ${actor.id}, ${actor.name ?? null}
      FROM chat_row
      WHERE chat_row.trashed_at IS NULL AND (
        SELECT NOT gateway.lapsed FROM gateway
        WHERE gateway.id = ${gatewayId}::uuid AND chat_row.id IS NOT NULL
      )
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM chat_row WHERE chat_row.trashed_at IS NULL) AS found, EXISTS (SELECT FROM opened) AS opened`.catch(
    refusal,
  );
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

const connectionRows = z.array(
  z.object({
    id: z.string().nullable(),
    opened_at: z.date().nullable(),
    actor_kind: z.string().nullable(),
    actor_id: z.string().nullable(),
    actor_name: z.string().nullable(),
    active_connections: z.int(),
  }),
);

/**
 * The sockets that are open on a chat under a living lease, the oldest first, `limits.pageSize` at most, and how many there
 * are in all. Throws NOT_FOUND (chat_not_found).
 */
export async function listConnections(
  ctx: Context,
  { chatId }: { chatId: string },
): Promise<{ connections: Connection[]; total: number }> {
  // One statement, so that the number is that of those who are named. A chat without connections is one row of nulls.
  const found = await queryRows(ctx.db)`
    SELECT connection.*, coalesce(connection.total, 0) AS active_connections
    FROM chat
    LEFT JOIN LATERAL (
      SELECT connection.id, connection.opened_at, connection.actor_kind, connection.actor_id, connection.actor_name,
        (count(*) OVER ())::integer AS total
      ${liveConnections}
      ORDER BY connection.opened_at, connection.id
      LIMIT ${limits.pageSize}::integer
    ) AS connection ON true
    WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid
    ORDER BY connection.opened_at, connection.id`;
  const rows = connectionRows.parse(found);
  if (rows[0] === undefined) throw chatNotFound();
  const connections: Connection[] = [];
  for (const { id, opened_at, actor_kind, actor_id, actor_name } of rows)
    if (id !== null && opened_at !== null)
      connections.push({ id, openedAt: opened_at, actor: credential(actor_kind, actor_id, actor_name) });
  return { connections, total: rows[0].active_connections };
}
