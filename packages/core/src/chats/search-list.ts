import { Prisma } from "@lethe/db";
import { foldText, type PartTerms, partTerms } from "@lethe/text";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRow } from "./chat-row.ts";
import { titleContains } from "./folded-titles.ts";

/** Where a chat stands in a list. */
export type ChatPlace = { time: Date; id: string };

/** A list of a tenant, and what is searched for in it. */
export type ListSearch = {
  /** The condition of a chat in the list, and the time by which it is sorted, newest first. */
  only: Prisma.Sql;
  order: Prisma.Sql;
  placeOf: (chat: Chat) => ChatPlace;
  q: string;
  /** Chats wanted. One more is found, if there is one. */
  size: number;
  /** The place behind which to look; null: from the first chat. */
  after: ChatPlace | null;
};

/** Chats, and the place up to which they were looked for; null: to the end, or to more than were wanted. */
type Found = { chats: Chat[]; end: ChatPlace | null };

/** Chats that are looked at first, from the newest on, and in each look after that: a millisecond or two for 1,000. */
const look = { first: 1_000, next: 10_000 };
/** Where finding enough takes longer than looking at so many, the index is asked. */
const reach = 10_000;
/**
 * The index is asked for some parts of what is searched for, and if it finds too many chats for more parts, which takes
 * longer and finds fewer. So many are fetched: up to 10 milliseconds for 1,000, because they lie anywhere.
 */
const attempts = [
  { parts: 4, most: 2_500 },
  { parts: 12, most: 20_000 },
];
/** The newest titles, by which is judged what parts are rare: these are asked for first. */
const sampleSize = 256;
/** After so long a search takes no further step; milliseconds. */
const budgetMs = 2_000;

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
 * often, and is not among the first, is looked for further down, for as long as the time allows.
 */
export function searchList(ctx: Context, search: ListSearch): Promise<Found> {
  return searching(ctx, () => find(ctx, search));
}

async function find(ctx: Context, search: ListSearch): Promise<Found> {
  const deadline = performance.now() + budgetMs;
  const step = (after: ChatPlace | null, count: number) => lookThrough(ctx, search, after, count);
  let { chats, end } = await step(search.after, look.first);
  const isEnough = () => end === null || chats.length > search.size;
  if (!isEnough() && search.size * look.first > reach * chats.length) {
    const indexed = await askIndex(ctx, search);
    if (indexed) return { chats: indexed, end: null };
  }
  while (!isEnough() && performance.now() < deadline) {
    const next = await step(end, look.next);
    chats = [...chats, ...next.chats].slice(0, search.size + 1);
    end = next.end;
  }
  return { chats, end: chats.length > search.size ? null : end };
}

const seenRows = z.array(z.object({ place: z.coerce.number(), matches: z.boolean() }).loose());

/** Those of the next `count` chats of a list that match; `end` is the last of so many. */
async function lookThrough(
  { db, tenantId }: Context,
  { only, order, placeOf, q, size }: ListSearch,
  after: ChatPlace | null,
  count: number,
): Promise<Found> {
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
    end: last?.place === count ? placeOf(last.chat) : null,
  };
}

const sampleRows = z.array(z.object({ title_folded: z.string() }));
const indexRows = z.array(z.object({ too_many: z.boolean(), id: z.string().nullable() }).loose());

/** The first matches by the index; undefined where it has too many, or has no number for what is searched for. */
async function askIndex({ db, tenantId }: Context, search: ListSearch): Promise<Chat[] | undefined> {
  const sample = await db.$queryRaw`
    SELECT chat.title_folded FROM chat
    WHERE chat.tenant_id = ${tenantId}::uuid AND ${search.only} AND chat.title_folded IS NOT NULL
    ORDER BY ${search.order} DESC, chat.id DESC LIMIT ${sampleSize}::integer`;
  const titles = sampleRows.parse(sample).map((row) => row.title_folded);
  const asked = partTerms(tenantId, foldText(search.q), titles);
  if (asked === undefined) return undefined;
  for (const { parts, most } of attempts) {
    const terms = asked.match === "all" ? asked.terms.slice(0, parts) : asked.terms;
    const found = indexRows.parse(await db.$queryRaw(byIndex(tenantId, search, { ...asked, terms }, most)));
    if (!found[0]?.too_many) return found.filter(({ id }) => id !== null).map((row) => chatRow.parse(row));
  }
  return undefined;
}

/** The statement that finds chats by the index, and says when there are too many to be fetched and sorted. */
function byIndex(
  tenantId: string,
  { only, order, q, size, after }: ListSearch,
  { match, terms }: PartTerms,
  most: number,
): Prisma.Sql {
  // The index is asked for terms alone, which are the tenant's but for one in millions. OFFSET 0 has each chat fetched
  // by its key.
  return Prisma.sql`
    WITH hit AS MATERIALIZED (
      SELECT * FROM find_titles(${terms}::integer[], ${match === "all"}::boolean, ${most + 1}::integer)
    ),
    unfolded AS MATERIALIZED (
      SELECT tenant_id, id FROM chat WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
      LIMIT ${most + 1}::integer
    ),
    bound AS MATERIALIZED (
      SELECT greatest((SELECT count(*) FROM hit), (SELECT count(*) FROM unfolded)) > ${most}::integer AS too_many
    ),
    chat AS MATERIALIZED (
      SELECT chat.*
      FROM bound
      CROSS JOIN (SELECT tenant_id, chat_id FROM hit UNION SELECT tenant_id, id FROM unfolded) AS found
      CROSS JOIN LATERAL (
        SELECT * FROM chat WHERE chat.tenant_id = found.tenant_id AND chat.id = found.chat_id OFFSET 0
      ) AS chat
      WHERE NOT bound.too_many AND found.tenant_id = ${tenantId}::uuid
        AND ${only} ${behind(order, after)} AND ${titleContains(q)}
      ORDER BY ${order} DESC, chat.id DESC
      LIMIT ${size + 1}::integer
    )
    SELECT bound.too_many, ${chatColumns}
    FROM bound LEFT JOIN chat ON true
    ORDER BY ${order} DESC, chat.id DESC`;
}

/** The condition that a chat stands behind a place in the list that is sorted by `order`. */
export const behind = (order: Prisma.Sql, after: ChatPlace | null) =>
  after
    ? Prisma.sql`AND (${order}, chat.id) < (${after.time}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty;
