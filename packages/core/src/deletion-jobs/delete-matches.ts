import type { Prisma } from "@lethe/db";
import { z } from "zod";
import { matching } from "../chats/chat-filter.ts";
import { type DeletionOutcome, deleteChatsWithin } from "../chats/delete-chats.ts";
import { givenChats } from "../chats/given-chats.ts";
import type { Erasure } from "../erasure/erasure.ts";
import type { ClaimedJob } from "./claim-job.ts";
import type { FailureOutcome } from "./deletion-job.ts";

/** A chat as it was when it matched. */
export type Match = { id: string; version: number };
const matchesSchema = z.array(z.object({ id: z.string(), version: z.int() }));

/** What became of chats: how many were deleted or moved, and which were not. */
export type Progress = { done: number; failures: { chatId: string; outcome: FailureOutcome }[] };

/** `locked`: chats that somebody else has locked, in their order; nothing is known of them yet. */
export type Done = Progress & { locked: string[]; erasures: Erasure[] };

type Judged = { match: Match; outcome: DeletionOutcome["outcome"] };

/**
 * Deletes chats that have matched, and nothing else: one that has changed since is matched again. The second
 * time it is locked, so that it cannot change once more. Who was faster with a deletion is no failure.
 *
 * @param canWait whether there is time for a chat that is locked; else it is noted as failed
 */
export async function deleteMatches(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  matches: Match[],
  canWait: (chatId: string) => boolean,
): Promise<Done> {
  const first = await attempt(tx, job, matches);
  const changed = first.judged.filter(({ outcome }) => outcome === "precondition_failed");
  const still = changed.length === 0 ? [] : await matchAgain(tx, job, changed);
  const second = await attempt(tx, job, still);
  const again = new Map(second.judged.map(({ match, outcome }) => [match.id, outcome]));
  const outcomes = first.judged.map(({ match, outcome }) => ({
    chatId: match.id,
    outcome: again.get(match.id) ?? outcome,
  }));
  const done = outcomes.filter(({ outcome }) => outcome === "deleted").length;
  const failures: Progress["failures"] = [];
  const locked: string[] = [];
  for (const { chatId, outcome } of outcomes) {
    if (outcome === "deleted" || outcome === "not_found") continue;
    if (outcome === "locked" && canWait(chatId)) locked.push(chatId);
    // What comes behind a chat that is locked is judged when the job is through with that one.
    else if (locked.length === 0) failures.push({ chatId, outcome: failureOf[outcome] });
  }
  return { done, failures, locked, erasures: [...first.erasures, ...second.erasures] };
}

const failureOf = {
  active_connections: "active_connections",
  on_hold: "on_hold",
  precondition_failed: "changed",
  locked: "failed",
} as const satisfies Record<string, FailureOutcome>;

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
    SELECT chat.id, chat.version
    FROM ${givenChats(
      job.tenantId,
      changed.map(({ match }) => match.id),
    )}
    WHERE ${matching(job.filter, job.asOf)}
    ORDER BY chat.id`;
  return matchesSchema.parse(rows);
}
