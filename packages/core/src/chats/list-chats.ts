import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Chat, Page } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";
import { containing, searching } from "./search.ts";

/** Each list has its own order, and an index that gives it. */
const lists = {
  active: {
    only: Prisma.sql`chat.trashed_at IS NULL`,
    order: Prisma.sql`chat.updated_at`,
    time: (chat: Chat) => chat.updatedAt,
  },
  trashed: {
    only: Prisma.sql`chat.trashed_at IS NOT NULL`,
    order: Prisma.sql`chat.trashed_at`,
    time: (chat: Chat) => chat.trashedAt ?? chat.updatedAt,
  },
};

/** The list; its time in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const placeIn = (state: keyof typeof lists) =>
  z.tuple([z.literal(state), z.int().min(0).max(253_402_300_799_999), z.guid()]);

export type ListChats = {
  /** Chats on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** A part of the title, in any case. */
  q?: string | undefined;
  state: keyof typeof lists;
};

/**
 * A page of a tenant's chats, newest activity first; of those in the trash, the last to be put there first.
 * Throws BAD_REQUEST for a cursor that is none of this list, and for a search too many TOO_MANY_REQUESTS.
 *
 * A chat that becomes active while a caller pages moves to the front and is not met again.
 */
export async function listChats(ctx: Context, { limit, cursor, q, state }: ListChats): Promise<Page<Chat>> {
  const size = Math.min(limit, limits.pageSize);
  const { only, order, time } = lists[state];
  const read = () => ctx.db.$queryRaw`
    WITH chat AS MATERIALIZED (
      SELECT * FROM chat
      WHERE chat.tenant_id = ${ctx.tenantId}::uuid
        AND ${only}
        ${cursor ? after(cursor, state) : Prisma.empty}
        ${q ? Prisma.sql`AND chat.title ILIKE ${containing(q)}` : Prisma.empty}
      ORDER BY ${order} DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns} FROM chat ORDER BY ${order} DESC, chat.id DESC`;
  const chats = chatRows.parse(await (q ? searching(ctx, read) : read()));
  const items = chats.slice(0, size);
  const last = items.at(-1);
  const more = chats.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([state, time(last).getTime(), last.id]) : null };
}

function after(cursor: string, state: keyof typeof lists): Prisma.Sql {
  const [, time, id] = decodeCursor(cursor, placeIn(state));
  return Prisma.sql`AND (${lists[state].order}, chat.id) < (${new Date(time)}::timestamptz, ${id}::uuid)`;
}
