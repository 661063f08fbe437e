import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { wasRolledBack } from "../database-error.ts";
import { failJob } from "./fail-job.ts";
import type { JobRef } from "./queue-jobs.ts";
import { runStep, type StepOutcome } from "./run-step.ts";
import { StepSize } from "./step-size.ts";

export type RunDeletionJob = {
  db: Database;
  job: JobRef;
  /** How long to go on; milliseconds. */
  sliceMs: number;
  /** Ends the slice after the step that is under way. */
  signal: AbortSignal;
  log: { warn(fields: object, message: string): void };
  /** Told the chats that each step has deleted, after its commit. */
  onDeleted?: (chats: number) => void;
};

/**
 * Refusals in a row after which a chat that stands alone is left, and after which the job is given up; how long a
 * chat may be locked by others before it is left, in milliseconds.
 */
const patience = { chat: 5, job: 9, lockedMs: 5_000 };
/** How long a step rests at least that could delete nothing, because all was locked; milliseconds. */
const lockedRest = 100;

/**
 * Works on a job step by step for a while. Answers whether there is more to do: then somebody has to go on, here
 * or elsewhere, now or after a crash; the database knows the place.
 *
 * It works half of the time at most: after each step it leaves the database to others for as long.
 * Throws when the database is away.
 */
export async function runDeletionJob(options: RunDeletionJob): Promise<{ more: boolean }> {
  const { db, job, sliceMs, signal, log, onDeleted } = options;
  const end = performance.now() + sliceMs;
  const size = new StepSize();
  let refusals = 0;
  /** Since when the chats are locked that the last step could not have. */
  let lockedSince = new Map<string, number>();
  let goesOn = true;
  do {
    const begun = performance.now();
    const patient = (chatId: string) => begun - (lockedSince.get(chatId) ?? begun) < patience.lockedMs;
    const giveUp = refusals >= patience.chat && size.current === 1;
    const outcome = await runStep(db, job, { size: size.current, giveUp, patient }).catch(
      (error: unknown) => {
        if (!wasRolledBack(error)) throw error;
        log.warn(
          { err: error, job_id: job.jobId },
          "the database refused a step of a deletion job; trying again",
        );
        return undefined;
      },
    );
    const took = performance.now() - begun;
    let rest = took;
    if (outcome === undefined) {
      refusals += 1;
      size.refused();
      if (refusals >= patience.job) return { more: !(await failJob(db, job)) };
    } else {
      refusals = 0;
      if (outcome.deleted > 0) onDeleted?.(outcome.deleted);
      if (outcome.state !== "more") return { more: false };
      learn(size, outcome, took);
      lockedSince = new Map(outcome.locked.map((id) => [id, lockedSince.get(id) ?? begun]));
      if (lockedSince.size > 0 && outcome.deleted === 0) rest = Math.max(took, lockedRest);
    }
    await sleep(rest, undefined, { signal }).catch(() => {});
    // Who knows what the database refuses, or what is locked, must not forget it at the end of a slice.
    const late = performance.now() - end;
    goesOn = refusals > 0 || late < (lockedSince.size > 0 ? patience.lockedMs : 0);
  } while (!signal.aborted && goesOn);
  return { more: true };
}

/** A step that found little took its time for something else. */
function learn(size: StepSize, { deleted }: StepOutcome, took: number): void {
  if (deleted >= size.current) size.learn(took);
}
