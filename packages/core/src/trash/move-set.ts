import { Prisma } from "@lethe/db";
import { z } from "zod";
import { chatRow } from "../chats/chat-row.ts";
import { locked, onceThenInTurn, untilUnlocked } from "../chats/chat-turns.ts";
import { givenChats } from "../chats/given-chats.ts";
import type { Context } from "../context.ts";
import { retryingDeadlocks } from "../database-error.ts";
import type { Chat } from "../types.ts";

/**
 * `free`, for a WITH clause that has locked, as `locked_chat`, what of a set nobody else has locked: `free.whole` says
 * whether that is all of it. Whoever changes the set has to ask, or a part of it would be changed alone.
 */
export const wholeSet = (tenantId: string, chatIds: readonly string[]): Prisma.Sql => Prisma.sql`
  free AS MATERIALIZED (
    SELECT count(*) = (SELECT count(*) FROM locked_chat) AS whole
    FROM ${givenChats(tenantId, chatIds)}
  )`;

/** A chat of a set as it is now, and whether the statement has changed it. */
export type Moved = { chat: Chat; changed: boolean };

const movedRows = z.array(
  z.intersection(
    z.object({ moved: z.boolean(), changed: z.boolean() }),
    chatRow.transform((chat) => ({ chat })),
  ),
);

/**
 * Changes all chats of a set or, while somebody else has locked one of them, none. A lone chat has its turn.
 *
 * @param statement changes the set and answers its chats, with a column `changed`, and a column `moved` that is false
 *   if somebody else has locked one of them
 * @throws SERVICE_UNAVAILABLE (chat_busy) when one of them stays locked
 */
export function moveSet(
  ctx: Context,
  chatIds: readonly string[],
  statement: () => Promise<unknown>,
): Promise<Moved[]> {
  const attempt = async () => {
    const rows = await retryingDeadlocks(statement);
    const moved = movedRows.parse(rows);
    const idle = moved.length === 0 ? await anyExists(ctx, chatIds) : moved.some((row) => !row.moved);
    return idle ? locked : moved;
  };
  const [first, second] = chatIds;
  if (first === undefined) return Promise.resolve([]);
  return second === undefined ? onceThenInTurn(ctx, first, attempt) : untilUnlocked(ctx.db, attempt);
}

async function anyExists({ db, tenantId }: Context, chatIds: readonly string[]): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS one FROM ${givenChats(tenantId, chatIds)} LIMIT 1`;
  return rows.length > 0;
}
