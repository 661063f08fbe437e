import type { Prisma } from "@lethe/db";
import { z } from "zod";
import { type DeletionOutcome, deleteChatsWithin } from "../chats/delete-chats.ts";
import type { Erasure } from "../erasure/erasure.ts";
import { matching } from "./chat-filter.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { FailureOutcome } from "./deletion-job.ts";

/** A chat as it was when it matched. */
export type Match = { id: string; version: number };
export const matchesSchema = z.array(z.object({ id: z.string(), version: z.int() }));

/** What became of chats: how many were deleted, and which were not. */
export type Progress = { deleted: number; failures: { chatId: string; outcome: FailureOutcome }[] };

type Judged = { match: Match; outcome: DeletionOutcome["outcome"] };

/**
 * Deletes chats that have matched, and nothing else: one that has changed since is matched again. The second
 * time it is locked, so that it cannot change once more. Who was faster with a deletion is no failure.
 */
export async function deleteMatches(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  matches: Match[],
): Promise<Progress & { erasures: Erasure[] }> {
  const first = await attempt(tx, job, matches);
  const changed = first.judged.filter(({ outcome }) => outcome === "precondition_failed");
  const still = changed.length === 0 ? [] : await matchAgain(tx, job, changed);
  const second = await attempt(tx, job, still);
  const again = new Map(second.judged.map(({ match, outcome }) => [match.id, outcome]));
  const outcomes = first.judged.map(({ match, outcome }) => ({
    chatId: match.id,
    outcome: again.get(match.id) ?? outcome,
  }));
  return {
    deleted: outcomes.filter(({ outcome }) => outcome === "deleted").length,
    failures: outcomes.flatMap(({ chatId, outcome }) => {
      if (outcome === "deleted" || outcome === "not_found") return [];
      return { chatId, outcome: outcome === "precondition_failed" ? "changed" : outcome };
    }),
    erasures: [...first.erasures, ...second.erasures],
  };
}

async function attempt(tx: Prisma.TransactionClient, job: ClaimedJob, matches: Match[]) {
  const { tenantId, actor, force } = job;
  const { outcomes, erasures } = await deleteChatsWithin(
    tx,
    matches.map(({ id, version }) => ({ tenantId, actor, force, chatId: id, versions: [version] })),
  );
  const judged = matches.map(
    (match, index): Judged => ({
      match,
      outcome: outcomes[index]?.outcome ?? "not_found",
    }),
  );
  return { judged, erasures };
}

async function matchAgain(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  changed: Judged[],
): Promise<Match[]> {
  const rows = await tx.$queryRaw`
    SELECT chat.id, chat.version FROM chat
    WHERE chat.tenant_id = ${job.tenantId}::uuid
      AND chat.id = ANY (${changed.map(({ match }) => match.id)}::uuid[])
      AND ${matching(job.filter, job.asOf)}
    ORDER BY chat.id`;
  return matchesSchema.parse(rows);
}
