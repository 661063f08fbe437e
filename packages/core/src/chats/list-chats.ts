import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Chat, Page } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";

/** `updated_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const place = z.tuple([z.int().min(0).max(253_402_300_799_999), z.guid()]);

export type ListChats = {
  /** Chats on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** A part of the title, in any case. */
  q?: string | undefined;
  state: "active" | "trashed";
};

/**
 * A page of a tenant's chats, newest activity first. Throws BAD_REQUEST for a cursor that is none.
 *
 * A chat that becomes active while a caller pages moves to the front and is not met again.
 */
export async function listChats(ctx: Context, { limit, cursor, q, state }: ListChats): Promise<Page<Chat>> {
  const size = Math.min(limit, limits.pageSize);
  const rows = await ctx.db.$queryRaw`
    WITH chat AS MATERIALIZED (
      SELECT * FROM chat
      WHERE chat.tenant_id = ${ctx.tenantId}::uuid
        AND ${state === "active" ? Prisma.sql`chat.trashed_at IS NULL` : Prisma.sql`chat.trashed_at IS NOT NULL`}
        ${cursor ? after(cursor) : Prisma.empty}
        ${q ? Prisma.sql`AND chat.title ILIKE ${containing(q)}` : Prisma.empty}
      ORDER BY chat.updated_at DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns} FROM chat ORDER BY chat.updated_at DESC, chat.id DESC`;
  const chats = chatRows.parse(rows);
  const items = chats.slice(0, size);
  const last = items.at(-1);
  const more = chats.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([last.updatedAt.getTime(), last.id]) : null };
}

function after(cursor: string): Prisma.Sql {
  const [updatedAt, id] = decodeCursor(cursor, place);
  return Prisma.sql`AND (chat.updated_at, chat.id) < (${new Date(updatedAt)}::timestamptz, ${id}::uuid)`;
}

/** A LIKE pattern that takes every character of `text` as itself. */
function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
