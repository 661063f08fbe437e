import type { Database, Prisma } from "@lethe/db";
import { foldTitles, hasUnfoldedTitles } from "../chats/folded-titles.ts";
import { type Erasure, wakeErasure } from "../erasure/erasure.ts";
import { type ClaimedJob, claimJob, isStopAsked } from "./claim-job.ts";
import { type Deleted, deleteMatches, type Match } from "./delete-matches.ts";
import type { JobRef } from "./deletion-job.ts";
import { scanPage } from "./look-at-page.ts";
import { matchNext } from "./match-next.ts";
import { recordStep } from "./record-step.ts";

export type StepOptions = {
  /** Chats that it deletes at most. */
  size: number;
  /** Leave the next chat, because the database has refused it often enough. */
  giveUp?: boolean;
  /** Whether there is time for a chat that somebody else has locked; default: always. */
  patient?: (chatId: string) => boolean;
};

/**
 * `elsewhere`: somebody else has the job just now, or there is none. `locked`: chats that somebody else has locked;
 * the next step meets them again.
 */
export type StepOutcome = {
  state: "more" | "ended" | "elsewhere";
  deleted: number;
  locked: readonly string[];
};

const nothing = { deleted: 0, locked: [] };

/** Chats that a step looks at, so that a search that finds little is not slower than one that finds much. */
const scanSize = 5_000;

/**
 * Does the next bit of a job in one transaction: deletions, counters and place are committed together, or none
 * of them. A job that is to stop ends here. Throws what the database says; then nothing was done.
 */
export async function runStep(db: Database, ref: JobRef, options: StepOptions): Promise<StepOutcome> {
  const erasures: Erasure[] = [];
  const outcome = await db.$transaction(async (tx): Promise<StepOutcome> => {
    const job = await claimJob(tx, ref);
    if (job === undefined) return { state: "elsewhere", ...nothing };
    if (job.ended) return { state: "ended", ...nothing };
    if (job.stop) return cancel(tx, job);
    // A title that is not folded could be missed, and its chat would stay.
    if (job.filter.q !== undefined && (await hasUnfoldedTitles(tx, job.tenantId))) {
      await foldTitles(tx, job.tenantId, null);
      return { state: "more", ...nothing };
    }
    return job.counted ? await deleteNext(tx, job, options, erasures) : await countNext(tx, job);
  });
  wakeErasure(db, erasures);
  return outcome;
}

async function cancel(tx: Prisma.TransactionClient, job: ClaimedJob): Promise<StepOutcome> {
  await recordStep(tx, job, { end: "cancelled" });
  return { state: "ended", ...nothing };
}

async function countNext(tx: Prisma.TransactionClient, job: ClaimedJob): Promise<StepOutcome> {
  const page = await scanPage(tx, { ...job, after: job.place, size: scanSize });
  await recordStep(tx, job, { matched: page.matched, place: page.next, counted: page.next === null });
  return { state: "more", ...nothing };
}

async function deleteNext(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  { size, giveUp = false, patient = () => true }: StepOptions,
  erasures: Erasure[],
): Promise<StepOutcome> {
  const most = Math.min(size, job.room ?? size);
  const { matches, next } = await matchNext(tx, job, { most, looked: scanSize });
  if (await isStopAsked(tx, job)) return cancel(tx, job);
  const done = giveUp ? leave(matches) : await deleteMatches(tx, job, matches, patient);
  const { locked, ...progress } = done;
  erasures.push(...progress.erasures);
  const limitReached = job.room !== null && progress.deleted >= job.room;
  const over = limitReached || (next === null && locked.length === 0);
  await recordStep(tx, job, {
    progress,
    place: locked.length === 0 ? next : beforeLocked(job, matches, locked),
    limitReached,
    end: over ? "finished" : undefined,
  });
  return { state: over ? "ended" : "more", deleted: progress.deleted, locked };
}

/** Where the next step begins that is to meet again what is locked. */
function beforeLocked(job: ClaimedJob, matches: Match[], [first]: readonly string[]): string | null {
  const index = matches.findIndex(({ id }) => id === first);
  return matches[index - 1]?.id ?? job.place;
}

const leave = (matches: Match[]): Deleted => ({
  deleted: 0,
  locked: [],
  erasures: [],
  failures: matches.map(({ id }) => ({ chatId: id, outcome: "failed" })),
});
