import { Prisma } from "@lethe/db";
import { z } from "zod";
import { fittingOneCall } from "../chats/delete-chats.ts";
import { matching } from "./chat-filter.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { Match } from "./delete-matches.ts";

const rowsSchema = z.tuple([
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
  const behind = job.place === null ? Prisma.empty : Prisma.sql`AND chat.id > ${job.place}::uuid`;
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
          SELECT * FROM chat WHERE chat.tenant_id = ${job.tenantId}::uuid ${behind}
          ORDER BY chat.id LIMIT ${looked}::integer
        ) AS chat
      ) AS looked
      WHERE looked.matches OR looked.last
      ORDER BY looked.id LIMIT ${most}::integer
    ) AS found`;
  const [{ rows }] = rowsSchema.parse(answer);
  const taken = fittingOneCall(rows, ({ matches, messages }) => (matches ? messages : 0));
  const isEnd = taken.length === rows.length && rows.length < most && rows.at(-1)?.last !== true;
  return {
    matches: taken.filter(({ matches }) => matches).map(({ id, version }) => ({ id, version })),
    next: isEnd ? null : (taken.at(-1)?.id ?? null),
  };
}
