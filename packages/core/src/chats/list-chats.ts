import { createHash } from "node:crypto";
import { Prisma, queryRows } from "@lethe/db";
import { foldText } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Chat, Page } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";
import { behind, type ChatPosition, searchList } from "./search-list.ts";

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
const positionIn = (state: keyof typeof lists) =>
  [z.literal(state), z.int().min(0).max(253_402_300_799_999), z.guid()] as const;

/** In a search also what is searched for, and whether the index is of no use for it. */
const positionInSearch = (state: keyof typeof lists, q: string) =>
  z.tuple([...positionIn(state), z.literal(digestOf(q)), z.enum(["looks", "walks"])]);

/** Enough to tell two searches apart. A cursor must not hold the text, which may be longer than a cursor is. */
const digestOf = (q: string) => createHash("sha256").update(foldText(q)).digest("base64url").slice(0, 16);

export type ListChats = {
  /** Chats on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** A part of the title, as a person sees it: compared as `foldText` has it. */
  q?: string | undefined;
  state: keyof typeof lists;
};

/**
 * A page of a tenant's chats, newest activity first; of those in the trash, the last to be put there first. A search
 * that has no more time ends a page early: then it has a cursor, and fewer chats than asked for or none.
 *
 * A chat that becomes active while a caller pages moves to the front and is not met again.
 *
 * Throws BAD_REQUEST for a cursor that is none of this list, and for a search too many TOO_MANY_REQUESTS.
 */
export async function listChats(ctx: Context, { limit, cursor, q, state }: ListChats): Promise<Page<Chat>> {
  const size = Math.min(limit, limits.pageSize);
  const list = lists[state];
  const positionOf = (chat: Chat): ChatPosition => ({ time: list.time(chat), id: chat.id });
  const { after, walks } = cursor ? positionFrom(cursor, state, q) : { after: null, walks: false };
  const found = q
    ? await searchList(ctx, { ...list, positionOf, q, size, after, walks })
    : { chats: await readList(ctx, list, size, after), end: null, walks };
  const { chats, end } = found;
  const items = chats.slice(0, size);
  const last = items.at(-1);
  const next = chats.length > size && last ? positionOf(last) : end;
  const search = q ? [digestOf(q), found.walks ? "walks" : "looks"] : [];
  const position = next && [state, next.time.getTime(), next.id, ...search];
  return { items, nextCursor: position && encodeCursor(position) };
}

/** The next chats of a list, one more than asked for if there are so many. */
async function readList(
  { db, tenantId }: Context,
  { only, order }: (typeof lists)[keyof typeof lists],
  size: number,
  after: ChatPosition | null,
): Promise<Chat[]> {
  const rows = await queryRows(db)`
    WITH chat AS MATERIALIZED (
      SELECT * FROM chat
      WHERE chat.tenant_id = ${tenantId}::uuid AND ${only} ${behind(order, after)}
      ORDER BY ${order} DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns} FROM chat ORDER BY ${order} DESC, chat.id DESC`;
  return chatRows.parse(rows);
}

function positionFrom(cursor: string, state: ListChats["state"], q: ListChats["q"]) {
  const schema = q ? positionInSearch(state, q) : z.tuple(positionIn(state));
  const [, time, id, , how] = decodeCursor<z.infer<typeof schema>>(cursor, schema);
  return { after: { time: new Date(time), id }, walks: how === "walks" };
}
