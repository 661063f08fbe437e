import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { BatchSize } from "./batch-size.ts";
import { eraseBatch } from "./erase-batch.ts";
import type { Erasure } from "./erasure.ts";

export type EraseTranscript = {
  db: Database;
  erasure: Erasure;
  /** How long to go on; milliseconds. */
  sliceMs: number;
  /** Ends the slice after the batch that is under way. */
  signal: AbortSignal;
  /** Told the messages of each batch, after its commit. */
  onErased: (messages: number) => void;
};

/**
 * Erases a transcript batch by batch for a while. Answers whether there is more to do: then somebody has to
 * go on, here or elsewhere, now or after a crash; the database knows the place.
 *
 * It works a third of the time at most: after each batch it leaves the database to others for twice as long.
 */
export async function eraseTranscript({
  db,
  erasure,
  sliceMs,
  signal,
  onErased,
}: EraseTranscript): Promise<{ more: boolean }> {
  const end = performance.now() + sliceMs;
  const size = new BatchSize();
  do {
    const begun = performance.now();
    const { state, messages } = await eraseBatch(db, erasure, size.current);
    const took = performance.now() - begun;
    onErased(messages);
    if (state !== "more") return { more: false };
    size.learn(took);
    await sleep(2 * took, undefined, { signal }).catch(() => {});
  } while (!signal.aborted && performance.now() < end);
  return { more: true };
}
