import { Prisma } from "@lethe/db";
import { foldText, type PartTerms, partTerms } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import { inOrder } from "../in-order.ts";
import type { Chat } from "../types.ts";
import { type ChatCriteria, conditionsOf } from "./chat-filter.ts";
import { chatColumns, chatRow } from "./chat-row.ts";
import { containing } from "./folded-titles.ts";

/** Where a chat stands in a list. */
export type ChatPosition = { time: Date; id: string };

/** Chats of a tenant in the order of an index. */
export type ChatList = {
  /** The condition of a chat in the list: all that the index leaves out. */
  only: Prisma.Sql;
  /** By what it is sorted, and then by id. */
  time: Prisma.Sql;
  direction: "DESC" | "ASC";
  positionOf: (chat: Chat) => ChatPosition;
};

/** A list, and what is searched for in it. */
type ListSearch = ChatList & {
  wanted: ChatCriteria;
  /** Chats wanted. One more is found, if there is one. */
  size: number;
  /** The position behind which to look; null: from the first chat. */
  after: ChatPosition | null;
  /** Whether no index was of use for the pages before. */
  walks: boolean;
};

/**
 * Chats, and the position up to which they were looked for; null: to the end, or to more than were wanted. `walks`: no
 * index is of use for the pages to come.
 */
type Found = { chats: Chat[]; end: ChatPosition | null; walks: boolean };

/** Chats that are looked at first, from the newest on, and in each look after that: a millisecond or two for 1,000. */
const look = { first: 1_000, next: 5_000 };
/** The index is asked if a page seems to take more chats than this. */
const reach = 10_000;
/**
 * Titles that are compared of those in which the index finds the parts, two milliseconds for 1,000, and chats that are
 * fetched of those with the whole, up to ten for 1,000: both lie anywhere. More are too many.
 */
const most = { read: 7_000, fetched: 1_500 };
/** What is on hold or open in a tenant is few; where it is more than so many it is looked for as everything else is. */
const few = { held: 500, connections: 1_000 };
/** The newest titles, by which is judged what parts few titles have together. */
const sampleSize = 256;
/** After so long a search takes no further step; milliseconds. */
const budgetMs = 30;

/** Does the work of a search when the caller may. Throws what `beginSearch` throws. */
export async function searching<Result>(
  { beginSearch }: Pick<Context, "beginSearch">,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = await beginSearch?.();
  try {
    return await work();
  } finally {
    end?.();
  }
}

/**
 * Looks for what is wanted in a list that is sorted by something else. What is on hold or open is few, and is fetched and
 * sorted. Of all else, what is common stands among the first few thousand chats; a rare title has an index, which knows
 * nothing of the order, so that its chats have to be fetched and sorted too. Each is bounded, and how many of the first
 * chats match decides: no statistics are asked. What no index finds, or finds too often, and is not among the first, is
 * looked for further down, one step at least, and as many as the time allows.
 */
export function searchList(ctx: Context, search: ListSearch): Promise<Found> {
  return searching(ctx, () => find(ctx, search));
}

async function find(ctx: Context, search: ListSearch): Promise<Found> {
  const deadline = performance.now() + budgetMs;
  const { size, wanted } = search;
  let { walks, after: end } = search;
  const only = await askOnly(ctx, search);
  if (only) return { chats: only, end: null, walks };
  if (!walks) {
    const asked = await askFew(ctx, search);
    if (asked) return { chats: asked, end: null, walks };
    walks = wanted.q === undefined;
  }
  const chats: Chat[] = [];
  let seen = 0;
  for (;;) {
    const count = walks || seen > 0 ? look.next : look.first;
    const next = await lookThrough(ctx, search, end, count);
    seen += count;
    chats.push(...next.chats);
    end = next.end;
    if (end === null || chats.length > size) break;
    const isOver = performance.now() >= deadline;
    // If as many of the next chats match as of those before.
    const isFar = (size + 1 - chats.length) * seen > reach * chats.length;
    if (!walks && (isFar || isOver)) {
      const indexed = await askIndex(ctx, search);
      if (indexed) return { chats: indexed, end: null, walks };
      walks = true;
    } else if (isOver) break;
  }
  return { chats: chats.slice(0, size + 1), end: chats.length > size ? null : end, walks };
}

const seenRows = z.array(z.object({ place: z.coerce.number(), matches: z.boolean() }).loose());

/** Those of the next `count` chats of a list that match; `end` is the last of so many. */
async function lookThrough(
  { db, tenantId }: Context,
  { wanted, size, ...list }: ListSearch,
  after: ChatPosition | null,
  count: number,
): Promise<Pick<Found, "chats" | "end">> {
  const matches = allOf(wanted);
  const rows = await db.$queryRaw`
    WITH chat AS MATERIALIZED (
      SELECT * FROM (
        SELECT chat.*, row_number() OVER (ORDER BY ${sorting(list)}) AS place
        FROM chat ${inOrder}
        WHERE chat.tenant_id = ${tenantId}::uuid AND ${list.only} ${behind(list, after)}
        ORDER BY ${sorting(list)}
        LIMIT ${count}::integer
      ) AS chat
      WHERE ${matches} OR chat.place = ${count}::integer
      ORDER BY ${sorting(list)}
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns}, chat.place, (${matches}) IS TRUE AS matches
    FROM chat ORDER BY chat.place`;
  const seen = seenRows.parse(rows).map((row) => ({ ...row, chat: chatRow.parse(row) }));
  const last = seen.at(-1);
  return {
    chats: seen.filter(({ matches }) => matches).map(({ chat }) => chat),
    end: last?.place === count ? list.positionOf(last.chat) : null,
  };
}

const indexRows = z.array(z.object({ too_many: z.boolean(), id: z.string().nullable() }).loose());

/** Reads what a statement of `fetchFound` answers: undefined where there was too much. */
async function readFound({ db }: Context, statement: Prisma.Sql): Promise<Chat[] | undefined> {
  const found = indexRows.parse(await db.$queryRaw(statement));
  if (found[0]?.too_many) return undefined;
  return found.filter(({ id }) => id !== null).map((row) => chatRow.parse(row));
}

/**
 * The end of a statement that finds chats by an index that knows nothing of the order: `found` are their ids, as
 * `chat_id`. It says `too_many` where they are too many to be fetched and sorted.
 */
function fetchFound(
  tenantId: string,
  { wanted, size, after, ...list }: ListSearch,
  found: Prisma.Sql,
  tooMany: Prisma.Sql,
): Prisma.Sql {
  // OFFSET 0 has each chat fetched by its key.
  return Prisma.sql`
    bound AS MATERIALIZED (SELECT ${tooMany} AS too_many),
    chat AS MATERIALIZED (
      SELECT chat.*
      FROM bound
      CROSS JOIN (${found}) AS found
      CROSS JOIN LATERAL (
        SELECT * FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = found.chat_id OFFSET 0
      ) AS chat
      WHERE NOT bound.too_many AND ${list.only} ${behind(list, after)} AND ${allOf(wanted)}
      ORDER BY ${sorting(list)}
      LIMIT ${size + 1}::integer
    )
    SELECT bound.too_many, ${chatColumns}
    FROM bound LEFT JOIN chat ON true
    ORDER BY ${sorting(list)}`;
}

/** The first matches where the caller may see some chats alone. */
async function askOnly(ctx: Context, search: ListSearch): Promise<Chat[] | undefined> {
  if (ctx.onlyChats === undefined) return undefined;
  const ids = Prisma.sql`SELECT unnest(${ctx.onlyChats}::uuid[]) AS chat_id`;
  return readFound(ctx, Prisma.sql`WITH ${fetchFound(ctx.tenantId, search, ids, Prisma.sql`false`)}`);
}

/** The first matches where only what is on hold, or open, is wanted; undefined for all else, and if that is too much. */
async function askFew(ctx: Context, search: ListSearch): Promise<Chat[] | undefined> {
  const { held, live } = search.wanted;
  if (!held && !live) return undefined;
  const tenantId = Prisma.sql`${ctx.tenantId}::uuid`;
  const most = held ? few.held : few.connections;
  const hits = held
    ? Prisma.sql`SELECT id AS chat_id FROM chat ${inOrder} WHERE tenant_id = ${tenantId} AND held_at IS NOT NULL ORDER BY held_at`
    : Prisma.sql`SELECT chat_id FROM connection WHERE tenant_id = ${tenantId} ORDER BY chat_id`;
  const ids = Prisma.sql`SELECT DISTINCT chat_id FROM hit`;
  const tooMany = Prisma.sql`(SELECT count(*) FROM hit) > ${most}::integer`;
  return readFound(
    ctx,
    Prisma.sql`
      WITH hit AS MATERIALIZED (${hits} LIMIT ${most + 1}::integer),
      ${fetchFound(ctx.tenantId, search, ids, tooMany)}`,
  );
}

const sampleRows = z.tuple([z.object({ titles: z.string().nullable() })]);

/** The first matches by the index of titles; undefined where it has too many, or no number for what is searched for. */
async function askIndex(ctx: Context, search: ListSearch): Promise<Chat[] | undefined> {
  const { db, tenantId } = ctx;
  const folded = foldText(search.wanted.q ?? "");
  const sample = await db.$queryRaw`
    SELECT string_agg(title_folded, E'\n') AS titles FROM (
      SELECT chat.title_folded FROM chat ${inOrder}
      WHERE chat.tenant_id = ${tenantId}::uuid AND ${search.only} AND chat.title_folded IS NOT NULL
      ORDER BY ${sorting(search)} LIMIT ${sampleSize}::integer
    ) AS newest`;
  const titles = sampleRows.parse(sample)[0].titles?.split("\n") ?? [];
  const asked = partTerms(tenantId, folded, titles);
  return asked && readFound(ctx, byTitles(tenantId, search, folded, asked));
}

/** The statement that finds chats by the index of titles. */
function byTitles(
  tenantId: string,
  search: ListSearch,
  folded: string,
  { match, terms }: PartTerms,
): Prisma.Sql {
  const tooMany = Prisma.sql`
    greatest((SELECT count(*) FROM hit), (SELECT count(*) FROM unfolded)) > ${most.fetched}::integer
      OR EXISTS (SELECT FROM hit WHERE chat_id IS NULL)`;
  const ids = Prisma.sql`SELECT chat_id FROM hit UNION SELECT id FROM unfolded`;
  // The index is asked for terms alone, which are the tenant's but for one in millions.
  return Prisma.sql`
    WITH hit AS MATERIALIZED (
      SELECT chat_id FROM search_titles(
        ${tenantId}::uuid, ${terms}::integer[], ${match === "all"}::boolean, ${containing(folded)},
        ${most.read}::integer, ${most.fetched}::integer
      )
    ),
    unfolded AS MATERIALIZED (
      SELECT id FROM chat WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
      LIMIT ${most.fetched + 1}::integer
    ),
    ${fetchFound(tenantId, search, ids, tooMany)}`;
}

const allOf = (wanted: ChatCriteria) => Prisma.join([Prisma.sql`true`, ...conditionsOf(wanted)], " AND ");

/** What a list is sorted by, for ORDER BY. */
export const sorting = ({ time, direction }: Pick<ChatList, "time" | "direction">) =>
  direction === "DESC" ? Prisma.sql`${time} DESC, chat.id DESC` : Prisma.sql`${time}, chat.id`;

/** The condition that a chat stands behind a position in a list. */
export function behind(
  { time, direction }: Pick<ChatList, "time" | "direction">,
  after: ChatPosition | null,
) {
  if (!after) return Prisma.empty;
  const position = Prisma.sql`(${after.time}::timestamptz, ${after.id}::uuid)`;
  return direction === "DESC"
    ? Prisma.sql`AND (${time}, chat.id) < ${position}`
    : Prisma.sql`AND (${time}, chat.id) > ${position}`;
}
