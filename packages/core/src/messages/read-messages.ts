import { Prisma, queryRows } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { chatNotFound, LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Message, Page } from "../types.ts";

/** The columns of a message for a SELECT over rows that are called `message`. */
export const messageColumns = Prisma.sql`
  message.id, message.chat_id AS "chatId", message.seq, message.author, message.body, message.created_at AS "createdAt"`;

/** A row of `messageColumns`. */
export const messageRow = z.object({
  id: z.string(),
  chatId: z.string(),
  seq: z.int(),
  author: z.string(),
  body: z.string(),
  createdAt: z.date(),
});

/** Rows of `messageColumns`. */
export const messageRows = z.array(messageRow);

const orders = { oldest_first: Prisma.sql`ASC`, newest_first: Prisma.sql`DESC` };

export type ListMessages = {
  chatId: string;
  /** Messages on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before, in the same order. */
  cursor?: string | null | undefined;
  /** Default: oldest first, as one reads. */
  order?: keyof typeof orders | undefined;
  /** The `seq` to begin at, in either order; a cursor goes on from there. Default: the end that the order begins with. */
  fromSeq?: number | undefined;
};

/** A chat without messages is one row of nulls; a missing chat is none. */
const rowsSchema = z.array(z.union([messageRow, z.object({ id: z.null() }).transform(() => null)]));

/**
 * A page of a chat's messages by `seq`. Throws NOT_FOUND (chat_not_found), and BAD_REQUEST for a cursor
 * that is none.
 */
export async function listMessages(
  ctx: Context,
  { chatId, limit, cursor, order = "oldest_first", fromSeq }: ListMessages,
): Promise<Page<Message>> {
  const size = Math.min(limit, limits.pageSize);
  // The page is cut inside, where the primary key gives the order: outside, all that follows is sorted.
  const rows = await queryRows(ctx.db)`
    SELECT page.*
    FROM chat
    LEFT JOIN LATERAL (
      SELECT ${messageColumns}
      FROM message
      WHERE message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
        ${cursor ? after(cursor, order) : fromSeq === undefined ? Prisma.empty : from(fromSeq, order)}
      ORDER BY message.seq ${orders[order]}
      LIMIT ${size + 1}::integer
    ) AS page ON true
    WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid
    ORDER BY page.seq ${orders[order]}`;
  const found = rowsSchema.parse(rows);
  if (found.length === 0) throw chatNotFound();
  const messages = found.filter((message) => message !== null);
  const items = messages.slice(0, size);
  const last = items.at(-1);
  const more = messages.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([order, last.seq]) : null };
}

function after(cursor: string, order: keyof typeof orders): Prisma.Sql {
  const place = z.tuple([
    z.literal(order),
    z
      .int()
      .min(1)
      .max(2 ** 31 - 1),
  ]);
  const [, seq] = decodeCursor(cursor, place);
  return order === "oldest_first"
    ? Prisma.sql`AND message.seq > ${seq}`
    : Prisma.sql`AND message.seq < ${seq}`;
}

const from = (seq: number, order: keyof typeof orders): Prisma.Sql =>
  order === "oldest_first"
    ? Prisma.sql`AND message.seq >= ${seq}::integer`
    : Prisma.sql`AND message.seq <= ${seq}::integer`;

/**
 * The message of a chat that has this `seq`. Throws NOT_FOUND: chat_not_found, or not_found where the chat has no such
 * message.
 */
export async function getMessage(
  ctx: Context,
  { chatId, seq }: { chatId: string; seq: number },
): Promise<Message> {
  const rows = await queryRows(ctx.db)`
    SELECT ${messageColumns}
    FROM chat
    LEFT JOIN message
      ON message.tenant_id = chat.tenant_id AND message.chat_id = chat.id AND message.seq = ${seq}::integer
    WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid`;
  const [message] = rowsSchema.parse(rows);
  if (message === undefined) throw chatNotFound();
  if (message === null) throw new LetheError("NOT_FOUND", "not_found", `The chat has no message ${seq}`);
  return message;
}
