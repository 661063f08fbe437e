import { Prisma } from "@lethe/db";
import { z } from "zod";
import { matching } from "../chats/chat-filter.ts";
import { givenChats, lockedChats } from "../chats/given-chats.ts";
import { lockedDays } from "../trash/purge-at.ts";
import { movingOut } from "../trash/restore-chat.ts";
import { movingIn } from "../trash/trash-chat.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { Done, Match } from "./delete-matches.ts";

const rowsSchema = z.array(z.object({ id: z.string(), moved: z.boolean(), free: z.boolean() }));

/**
 * Moves chats that have matched into the trash, or out of it, if they match still when they are locked; then they cannot
 * change. One that does not, or is gone, is none of the job's.
 *
 * @param canWait whether there is time for a chat that is locked; else it is noted as failed
 */
export async function moveMatches(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  matches: Match[],
  canWait: (chatId: string) => boolean,
): Promise<Done> {
  const ids = matches.map(({ id }) => id);
  const rows = await tx.$queryRaw`
    WITH ${job.kind === "trash" ? trashing(job, ids) : restoring(job, ids)}
    SELECT chat.id, chat.id IN (SELECT changed.id FROM changed) AS moved,
      chat.id IN (SELECT locked_chat.id FROM locked_chat) AND EXISTS (SELECT FROM tenant) AS free
    FROM ${givenChats(job.tenantId, ids)}
    ORDER BY chat.id`;
  let done = 0;
  const failures: Done["failures"] = [];
  const locked: string[] = [];
  for (const { id, moved, free } of rowsSchema.parse(rows)) {
    if (moved) done += 1;
    else if (!free && canWait(id)) locked.push(id);
    // What comes behind a chat that is locked is judged when the job is through with that one.
    else if (!free && locked.length === 0) failures.push({ chatId: id, outcome: "failed" });
  }
  return { done, failures, locked, erasures: [] };
}

const trashing = (job: ClaimedJob, ids: readonly string[]): Prisma.Sql => Prisma.sql`
  ${lockedDays(job.tenantId)},
  locked_chat AS MATERIALIZED (
    ${lockedChats(job.tenantId, ids, Prisma.sql`FOR UPDATE`)}
  ),
  ${movingIn({ ...job, jobId: job.id }, matching(job.filter, job.asOf))}`;

const restoring = (job: ClaimedJob, ids: readonly string[]): Prisma.Sql => Prisma.sql`
  tenant AS (SELECT),
  locked_chat AS MATERIALIZED (
    ${lockedChats(job.tenantId, ids, Prisma.sql`FOR NO KEY UPDATE`)}
  ),
  ${movingOut(matching(job.filter, job.asOf))}`;
