import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { type ChatFilter, isLive, matching } from "../chats/chat-filter.ts";
import { fittingOneCall } from "../chats/delete-chats.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { Match } from "./delete-matches.ts";
import { isDeleting } from "./deletion-job.ts";

/** A range of a tenant's chats in the order of their ids. */
type Range = {
  tenantId: string;
  filter: ChatFilter;
  /** The moment of the question: see `matching`. */
  asOf: Date;
  /** Where it begins: behind this chat; null: at the first. */
  after: string | null;
  /** Chats that are looked at, whether they match or not: it bounds the time. */
  size: number;
};

const rowsSchema = z.tuple([
  z.object({
    lastId: z.string().nullable(),
    matched: z.int(),
    held: z.int(),
    live: z.int(),
    first: z.array(z.string()).nullable(),
    firstHeld: z.array(z.string()).nullable(),
    firstLive: z.array(z.string()).nullable(),
  }),
]);

/** How many of each kind are named. */
const most = Prisma.raw("10");
const greatestId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The chats of a range that match, under the name `found`; `range_end` is the last chat of a full range. */
function foundIn({ tenantId, filter, asOf, after, size }: Range): Prisma.Sql {
  const start = after === null ? Prisma.empty : Prisma.sql`AND chat.id > ${after}::uuid`;
  // OFFSET 0 keeps the walk on the primary key, whatever index the filter would suggest.
  return Prisma.sql`
    range_end AS MATERIALIZED (
      SELECT chat.id FROM chat WHERE chat.tenant_id = ${tenantId}::uuid ${start}
      ORDER BY chat.id OFFSET ${size - 1}::integer LIMIT 1
    ),
    found AS (
      SELECT chat.* FROM (
        SELECT * FROM chat
        WHERE chat.tenant_id = ${tenantId}::uuid ${start}
          AND chat.id <= coalesce((SELECT id FROM range_end), ${greatestId}::uuid)
        ORDER BY chat.id OFFSET 0
      ) AS chat
      WHERE ${matching(filter, asOf)}
    )`;
}

/** What matches in a range, what of it could not be deleted now, and where the next begins (null: nowhere). */
export async function scanPage(db: Pick<Database, "$queryRaw">, range: Range) {
  const rows = await db.$queryRaw`
    WITH ${foundIn(range)},
    judged AS (
      SELECT chat.id, chat.held_at IS NOT NULL AS held, ${isLive} AS live FROM found AS chat
    )
    SELECT (SELECT id FROM range_end) AS "lastId",
      count(*)::integer AS matched,
      (count(*) FILTER (WHERE held))::integer AS held,
      (count(*) FILTER (WHERE live AND NOT held))::integer AS live,
      (array_agg(id ORDER BY id))[1:${most}] AS first,
      (array_agg(id ORDER BY id) FILTER (WHERE held))[1:${most}] AS "firstHeld",
      (array_agg(id ORDER BY id) FILTER (WHERE live AND NOT held))[1:${most}] AS "firstLive"
    FROM judged`;
  const [{ lastId, matched, held, live, first, firstHeld, firstLive }] = rowsSchema.parse(rows);
  const found = { first: first ?? [], firstHeld: firstHeld ?? [], firstLive: firstLive ?? [] };
  return { next: lastId, matched, held, live, ...found };
}

const idRows = z.tuple([z.object({ lastId: z.string().nullable(), ids: z.array(z.string()).nullable() })]);

/** The ids of what matches in a range, in their order, and where the next begins (null: nowhere). */
export async function readMatchingIds(db: Pick<Database, "$queryRaw">, range: Range) {
  const rows = await db.$queryRaw`
    WITH ${foundIn(range)}
    SELECT (SELECT id FROM range_end) AS "lastId", array_agg(found.id ORDER BY found.id) AS ids FROM found`;
  const [{ lastId, ids }] = idRows.parse(rows);
  return { next: lastId, ids: ids ?? [] };
}

const matchRows = z.tuple([
  z.object({
    rows: z.array(
      z.object({
        ...{ id: z.string(), version: z.int(), messages: z.int() },
        ...{ matches: z.boolean(), last: z.boolean() },
      }),
    ),
  }),
]);

/**
 * The next chats that a job matches, and the last chat that was looked at (null: there are no more). It looks at no more
 * chats than it needs, and answers no more than one call of `deleteChatsWithin` erases.
 *
 * @param most chats that it answers at most
 * @param looked chats that it looks at at most
 */
export async function matchNext(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  { most, looked }: { most: number; looked: number },
): Promise<{ matches: Match[]; next: string | null }> {
  const start = job.place === null ? Prisma.empty : Prisma.sql`AND chat.id > ${job.place}::uuid`;
  // Rows are numbered as the walk goes on, and it ends with the last that is to be answered.
  const answer = await tx.$queryRaw`
    SELECT coalesce(json_agg(found), '[]') AS rows
    FROM (
      SELECT looked.*
      FROM (
        SELECT chat.id, chat.version, chat.message_count AS messages,
          (${matching(job.filter, job.asOf)}) IS TRUE AS matches,
          row_number() OVER (ORDER BY chat.id) = ${looked}::integer AS last
        FROM (
          SELECT * FROM chat WHERE chat.tenant_id = ${job.tenantId}::uuid ${start}
          ORDER BY chat.id LIMIT ${looked}::integer
        ) AS chat
      ) AS looked
      WHERE looked.matches OR looked.last
      ORDER BY looked.id LIMIT ${most}::integer
    ) AS found`;
  const [{ rows }] = matchRows.parse(answer);
  const taken = fittingOneCall(rows, ({ matches, messages }) =>
    matches && isDeleting(job.kind) ? messages : 0,
  );
  const isEnd = taken.length === rows.length && rows.length < most && rows.at(-1)?.last !== true;
  return {
    matches: taken.filter(({ matches }) => matches).map(({ id, version }) => ({ id, version })),
    next: isEnd ? null : (taken.at(-1)?.id ?? null),
  };
}
