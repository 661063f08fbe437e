import { Prisma } from "@lethe/db";
import { foldText, type PartTerms, partTerms } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRow } from "./chat-row.ts";
import { containing, titleContains } from "./folded-titles.ts";

/** Where a chat stands in a list. */
export type ChatPosition = { time: Date; id: string };

/** A list of a tenant, and what is searched for in it. */
type ListSearch = {
  /** The condition of a chat in the list, and the time by which it is sorted, newest first. */
  only: Prisma.Sql;
  order: Prisma.Sql;
  positionOf: (chat: Chat) => ChatPosition;
  q: string;
  /** Chats wanted. One more is found, if there is one. */
  size: number;
  /** The position behind which to look; null: from the first chat. */
  after: ChatPosition | null;
  /** Whether the index was of no use for the pages before. */
  walks: boolean;
};

/**
 * Chats, and the position up to which they were looked for; null: to the end, or to more than were wanted. `walks`: the
 * index is of no use for the pages to come.
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
 * Looks for titles in a list that is sorted by something else. What is common stands among the first few thousand
 * chats; what is rare has an index, which knows nothing of the order, so that its chats have to be fetched and sorted.
 * Each is bounded, and how many of the first chats match decides: no statistics are asked. What the index finds too
 * often, and is not among the first, is looked for further down, one step at least, and as many as the time allows.
 */
export function searchList(ctx: Context, search: ListSearch): Promise<Found> {
  return searching(ctx, () => find(ctx, search));
}

async function find(ctx: Context, search: ListSearch): Promise<Found> {
  const deadline = performance.now() + budgetMs;
  const { size } = search;
  let { walks, after: end } = search;
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
  { only, order, positionOf, q, size }: ListSearch,
  after: ChatPosition | null,
  count: number,
): Promise<Pick<Found, "chats" | "end">> {
  const rows = await db.$queryRaw`
    WITH chat AS MATERIALIZED (
      SELECT * FROM (
        SELECT chat.*, row_number() OVER (ORDER BY ${order} DESC, chat.id DESC) AS place
        FROM chat
        WHERE chat.tenant_id = ${tenantId}::uuid AND ${only} ${behind(order, after)}
        ORDER BY ${order} DESC, chat.id DESC
        LIMIT ${count}::integer
      ) AS chat
      WHERE ${titleContains(q)} OR chat.place = ${count}::integer
      ORDER BY ${order} DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT ${chatColumns}, chat.place, ${titleContains(q)} AS matches
    FROM chat ORDER BY chat.place`;
  const seen = seenRows.parse(rows).map((row) => ({ ...row, chat: chatRow.parse(row) }));
  const last = seen.at(-1);
  return {
    chats: seen.filter(({ matches }) => matches).map(({ chat }) => chat),
    end: last?.place === count ? positionOf(last.chat) : null,
  };
}

const sampleRows = z.tuple([z.object({ titles: z.string().nullable() })]);
const indexRows = z.array(z.object({ too_many: z.boolean(), id: z.string().nullable() }).loose());

/** The first matches by the index; undefined where it has too many, or has no number for what is searched for. */
async function askIndex({ db, tenantId }: Context, search: ListSearch): Promise<Chat[] | undefined> {
  const sample = await db.$queryRaw`
    SELECT string_agg(title_folded, E'\n') AS titles FROM (
      SELECT chat.title_folded FROM chat
      WHERE chat.tenant_id = ${tenantId}::uuid AND ${search.only} AND chat.title_folded IS NOT NULL
      ORDER BY ${search.order} DESC, chat.id DESC LIMIT ${sampleSize}::integer
    ) AS newest`;
  const titles = sampleRows.parse(sample)[0].titles?.split("\n") ?? [];
  const asked = partTerms(tenantId, foldText(search.q), titles);
  if (asked === undefined) return undefined;
  const found = indexRows.parse(await db.$queryRaw(byIndex(tenantId, search, asked)));
  if (found[0]?.too_many) return undefined;
  return found.filter(({ id }) => id !== null).map((row) => chatRow.parse(row));
}

/** The statement that finds chats by the index, and says when there are too many to be fetched and sorted. */
function byIndex(
  tenantId: string,
  { only, order, q, size, after }: ListSearch,
  { match, terms }: PartTerms,
): Prisma.Sql {
  // The index is asked for terms alone, which are the tenant's but for one in millions. OFFSET 0 has each chat fetched
  // by its key.
  return Prisma.sql`
    WITH hit AS MATERIALIZED (
      SELECT chat_id FROM search_titles(
        ${tenantId}::uuid, ${terms}::integer[], ${match === "all"}::boolean, ${containing(foldText(q))},
        ${most.read}::integer, ${most.fetched}::integer
      )
    ),
    unfolded AS MATERIALIZED (
      SELECT id FROM chat WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
      LIMIT ${most.fetched + 1}::integer
    ),
    bound AS MATERIALIZED (
      SELECT greatest((SELECT count(*) FROM hit), (SELECT count(*) FROM unfolded)) > ${most.fetched}::integer
        OR EXISTS (SELECT FROM hit WHERE chat_id IS NULL) AS too_many
    ),
    chat AS MATERIALIZED (
      SELECT chat.*
      FROM bound
      CROSS JOIN (SELECT chat_id FROM hit UNION SELECT id FROM unfolded) AS found
      CROSS JOIN LATERAL (
        SELECT * FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = found.chat_id OFFSET 0
      ) AS chat
      WHERE NOT bound.too_many
        AND ${only} ${behind(order, after)} AND ${titleContains(q)}
      ORDER BY ${order} DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT bound.too_many, ${chatColumns}
    FROM bound LEFT JOIN chat ON true
    ORDER BY ${order} DESC, chat.id DESC`;
}

/** The condition that a chat stands behind a position in the list that is sorted by `order`. */
export const behind = (order: Prisma.Sql, after: ChatPosition | null) =>
  after
    ? Prisma.sql`AND (${order}, chat.id) < (${after.time}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty;
