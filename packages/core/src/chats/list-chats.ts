import { Prisma, queryRows, type Row } from "@lethe/db";
import { foldText } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, digestOf, encodeCursor } from "../cursor.ts";
import { LetheError } from "../errors.ts";
import { inOrder } from "../in-order.ts";
import { limits } from "../limits.ts";
import { integerOrNull, text, textOrNull, timeOrNull } from "../read-column.ts";
import type { Chat, ListedChat, Page } from "../types.ts";
import { type ChatCriteria, conditionsOf } from "./chat-filter.ts";
import { chatColumns, toChat } from "./chat-row.ts";
import { behind, type ChatList, type ChatPosition, searchList, sorting } from "./search-list.ts";

const inState = {
  active: Prisma.sql`chat.trashed_at IS NULL`,
  trashed: Prisma.sql`chat.trashed_at IS NOT NULL`,
};

/** By what each list can be sorted: there is an index for each of these. The first is how it is without being asked. */
const sorts = {
  active: {
    updated: { time: Prisma.sql`chat.updated_at`, timeOf: (chat: Chat) => chat.updatedAt },
    created: { time: Prisma.sql`chat.created_at`, timeOf: (chat: Chat) => chat.createdAt },
  },
  trashed: {
    trashed: { time: Prisma.sql`chat.trashed_at`, timeOf: (chat: Chat) => chat.trashedAt ?? chat.updatedAt },
  },
};
type State = keyof typeof sorts;
type Sort = "updated" | "created" | "trashed";
type Order = "newest_first" | "oldest_first";

/** Times by which a list is sorted bound the walk through its index; all else is looked at chat by chat. */
function boundsAndRest(sort: Sort, criteria: ChatCriteria) {
  if (sort === "updated") {
    const { updatedBefore, updatedAfter, ...rest } = criteria;
    return { bounds: { updatedBefore, updatedAfter }, rest };
  }
  if (sort === "created") {
    const { createdBefore, createdAfter, ...rest } = criteria;
    return { bounds: { createdBefore, createdAfter }, rest };
  }
  return { bounds: {}, rest: criteria };
}

/** The list; its time in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const positionIn = (state: State) =>
  [z.literal(state), z.int().min(0).max(253_402_300_799_999), z.guid()] as const;

/** In another list than that of all chats also what is asked for, and whether an index is of use for it. */
const positionInSearch = (state: State, asked: string) =>
  z.tuple([...positionIn(state), z.literal(asked), z.enum(["looks", "walks"])]);

/** A digest of what is asked for; undefined where all chats are. */
function digestOfCriteria({ q = "", ...others }: ChatCriteria & { sort?: Sort; order?: Order }) {
  const given = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value instanceof Date ? value.toISOString() : value}`);
  if (q === "" && given.length === 0) return undefined;
  return digestOf([foldText(q), ...given.toSorted()].join("\n"));
}

export type ListChats = ChatCriteria & {
  /** Chats on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  state: State;
  /** By the last activity or by their creation; those in the trash by when they came there, and by nothing else. */
  sort?: Sort | undefined;
  /** Default `newest_first`. */
  order?: Order | undefined;
};

/**
 * A page of a tenant's chats that meet every criterion, newest activity first unless it is asked for otherwise; of those in
 * the trash, the last to be put there first. A search, which is every list with a criterion that is no bound of what it is
 * sorted by, ends a page early when it has no more time: then it has a cursor, and fewer chats than asked for or none.
 *
 * Who may see some chats alone (`onlyChats`) gets those of them that meet it.
 *
 * A chat that becomes active while a caller pages moves to the front and is not met again.
 *
 * Throws BAD_REQUEST for a cursor that is none of this list and for an order that it cannot have, and for a search too many
 * TOO_MANY_REQUESTS.
 */
export async function listChats(
  ctx: Context,
  { limit, cursor, state, sort = state === "active" ? "updated" : "trashed", order, ...criteria }: ListChats,
): Promise<Page<ListedChat>> {
  const size = Math.min(limit, limits.pageSize);
  const { list, wanted, isSearch } = listOf(state, sort, order, criteria);
  const asked = digestOfCriteria({
    ...criteria,
    ...(sort === "created" && { sort }),
    ...(order === "oldest_first" && { order }),
  });
  const { after, walks } = cursor ? positionFrom(cursor, state, asked) : { after: null, walks: false };
  const found =
    isSearch || ctx.onlyChats !== undefined
      ? await readFound(ctx, await searchList(ctx, { ...list, wanted, size, after, walks }))
      : { chats: await readList(ctx, list, size, after), end: null, walks };
  const { chats, end } = found;
  const items = chats.slice(0, size);
  const last = items.at(-1);
  const next = chats.length > size && last ? list.positionOf(last) : end;
  const search = asked === undefined ? [] : [asked, found.walks ? "walks" : "looks"];
  const position = next && [state, next.time.getTime(), next.id, ...search];
  return { items, nextCursor: position && encodeCursor(position) };
}

/** The last message of a row that is called `chat`, found by its key, as a row that is called `said`. */
const lastMessage = (tenantId: string) => Prisma.sql`LATERAL (
  SELECT message.seq AS said_seq, message.author AS said_by, message.created_at AS said_at,
    left(message.body, ${limits.excerptLength}::integer) AS said_excerpt
  FROM message
  WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = chat.id AND message.seq = chat.message_count
  OFFSET 0
) AS said`;

function toLastMessage(row: Row): ListedChat["lastMessage"] {
  const seq = integerOrNull(row.said_seq);
  const author = textOrNull(row.said_by);
  const createdAt = timeOrNull(row.said_at);
  const excerpt = textOrNull(row.said_excerpt);
  return seq !== null && author !== null && createdAt !== null && excerpt !== null
    ? { seq, author, createdAt, excerpt }
    : null;
}

type Found = Awaited<ReturnType<typeof searchList>>;

/** What a search has found, each chat with what was said last in it. */
async function readFound({ db, tenantId }: Context, found: Found) {
  const ids = found.chats.filter(({ messageCount }) => messageCount > 0).map(({ id }) => id);
  const rows =
    ids.length === 0
      ? []
      : await queryRows(db)`
          SELECT chat.id, said.*
          FROM unnest(${ids}::uuid[]) AS given (id)
          CROSS JOIN LATERAL (
            SELECT id, message_count FROM chat WHERE tenant_id = ${tenantId}::uuid AND id = given.id OFFSET 0
          ) AS chat
          CROSS JOIN ${lastMessage(tenantId)}`;
  const said = new Map(rows.map((row) => [text(row.id), toLastMessage(row)]));
  const chats = found.chats.map((chat): ListedChat => ({ ...chat, lastMessage: said.get(chat.id) ?? null }));
  return { ...found, chats };
}

/** The list that gives the order, and what is to be looked for in it. */
function listOf(state: State, sort: Sort, order: Order | undefined, { q, ...criteria }: ChatCriteria) {
  const sorted = new Map(Object.entries(sorts[state])).get(sort);
  if (!sorted)
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      `sort must be ${Object.keys(sorts[state]).join(" or ")} where state is ${state}`,
    );
  const { bounds, rest } = boundsAndRest(sort, criteria);
  const list: ChatList = {
    only: Prisma.join([inState[state], ...conditionsOf(bounds)], " AND "),
    time: sorted.time,
    direction: order === "oldest_first" ? "ASC" : "DESC",
    positionOf: (chat) => ({ time: sorted.timeOf(chat), id: chat.id }),
  };
  const wanted: ChatCriteria = { ...rest, ...(q && { q }) };
  return { list, wanted, isSearch: conditionsOf(wanted).length > 0 };
}

/** Rows that are read for a page at most. */
const longestPage = Prisma.raw(`${limits.pageSize + 1}`);

/**
 * The next chats of a list, one more than asked for if there are so many. The limit of all pages is no parameter: by that
 * alone a plan for any tenant is seen to cost no more than one for this tenant, and is kept.
 */
async function readList(
  { db, tenantId }: Context,
  list: ChatList,
  size: number,
  after: ChatPosition | null,
): Promise<ListedChat[]> {
  const rows = await queryRows(db)`
    WITH chat AS MATERIALIZED (
      SELECT * FROM (
        SELECT chat.* FROM chat ${inOrder}
        WHERE chat.tenant_id = ${tenantId}::uuid AND ${list.only} ${behind(list, after)}
        ORDER BY ${sorting(list)}
        LIMIT ${longestPage}
      ) AS chat
      ORDER BY ${sorting(list)}
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns}, said.* FROM chat LEFT JOIN ${lastMessage(tenantId)} ON true ORDER BY ${sorting(list)}`;
  return rows.map((row): ListedChat => ({ ...toChat(row), lastMessage: toLastMessage(row) }));
}

function positionFrom(cursor: string, state: State, asked: string | undefined) {
  const schema = asked === undefined ? z.tuple(positionIn(state)) : positionInSearch(state, asked);
  const [, time, id, , how] = decodeCursor<z.infer<typeof schema>>(cursor, schema);
  return { after: { time: new Date(time), id }, walks: how === "walks" };
}
