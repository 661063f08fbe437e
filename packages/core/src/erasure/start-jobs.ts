import { type Database, runJobs } from "@lethe/db";
import { enqueueErasures } from "./enqueue-erasures.ts";
import { enqueueLostErasures, type LostAfter, lostAfter } from "./enqueue-lost-erasures.ts";
import { eraseTranscript } from "./erase-transcript.ts";
import { eraseTranscriptTask, erasurePayload } from "./erasure.ts";
import { type ErasureBacklog, readErasureBacklog } from "./read-erasure-backlog.ts";
import { removeReplacedJobs } from "./remove-replaced-jobs.ts";

export type StartJobs = {
  url: string;
  db: Database;
  log: { warn(fields: object, message: string): void };
  /** Transcripts that this process erases at the same time; default 1. */
  concurrency?: number;
  /** Told the messages of each batch that was erased here. */
  onErased?: (messages: number) => void;
  /** Told at every sweep what is still to be erased, by whomever. */
  onBacklog?: (backlog: ErasureBacklog) => void;
  /** How often to look for erasures that nobody works on; milliseconds. */
  sweepMs?: number;
  lostAfter?: LostAfter;
};

export type Jobs = {
  /** Ends with the batches under way; what is left is gone on with by others, or at the next start. */
  close(): Promise<void>;
};

/** Then the job goes to the end of the queue, so that a long transcript does not hold up short ones. */
const sliceMs = 2_000;

/**
 * Works in the background on what deletions have left behind. Several processes may do so at once. It
 * survives the loss of the database, and begins with what was left lying before.
 *
 * Rejects when the queue cannot be reached now.
 */
export async function startJobs({
  url,
  db,
  log,
  concurrency = 1,
  onErased = () => {},
  onBacklog = () => {},
  sweepMs = 5_000,
  lostAfter: after = lostAfter,
}: StartJobs): Promise<Jobs> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const jobs = await runJobs({
    url,
    concurrency,
    log,
    tasks: {
      [eraseTranscriptTask]: async (payload) => {
        const erasure = erasurePayload.parse(payload);
        const { more } = await eraseTranscript({ db, erasure, sliceMs, signal, onErased });
        if (more) await enqueueErasures(db, [erasure]);
      },
    },
  });

  let sweeping: Promise<void> | undefined;
  const sweep = async () => {
    try {
      await enqueueLostErasures(db, after);
      await removeReplacedJobs(db);
      onBacklog(await readErasureBacklog(db));
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, "pending erasures could not be looked through; trying again");
    }
  };
  const sweepAlone = () => {
    sweeping ??= sweep().finally(() => {
      sweeping = undefined;
    });
  };
  const timer = setInterval(sweepAlone, sweepMs);
  timer.unref();
  sweepAlone();

  const close = async () => {
    stopping.abort();
    clearInterval(timer);
    await Promise.all([jobs.stop(), sweeping]);
  };
  let closed: Promise<void> | undefined;
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
