import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Turn, TurnEnd } from "../background/task-module.ts";
import { BatchSize } from "../batch-size.ts";
import { wasRolledBack } from "../database-error.ts";
import { eraseBatch, TranscriptInUse } from "./erase-batch.ts";
import type { Erasure } from "./erasure.ts";

/**
 * Messages that a batch erases. Not less than 500: on a busy machine the way to the database and back takes longer than
 * a batch should, and batches of a few messages would never come to an end.
 */
export const eraseBounds = { targetMs: [5, 12], smallest: 500, first: 500, largest: 10_000 } as const;
/** Transcripts that are erased side by side, a batch each, so that a long one does not hold up short ones. */
const atOnce = 8;
/** Transcripts that could not be erased and are left alone for a while, at most; and tenants remembered. */
const most = { failed: 200, tenants: 1_000 };

export type EraserOptions = {
  db: Database;
  log: { warn(fields: object, message: string): void };
  /** How long a transcript that could not be erased is left alone; milliseconds. */
  retryMs: number;
  /** Told the messages of each batch, after its commit. */
  onErased: (messages: number) => void;
};

/**
 * Erases what a tenant's deletions have left behind, batch by batch, until its turn is over. Answers whether
 * there is more to do: then somebody has to go on, here or elsewhere, now or after a crash; the database knows
 * the place.
 *
 * After each batch it leaves the database to others for as long as they want it, at most for twice as long as it took.
 */
export function createEraser({ db, log, retryMs, onErased }: EraserOptions) {
  const failed = new LRUCache<string, string>({ max: most.failed, ttl: retryMs });
  const lastServed = new LRUCache<string, string>({ max: most.tenants });

  async function erase(erasure: Erasure, size: BatchSize) {
    try {
      const begun = performance.now();
      const { state, messages } = await eraseBatch(db, erasure, size.current);
      onErased(messages);
      if (state === "more") size.learn(performance.now() - begun);
      return state;
    } catch (err) {
      if (!wasRolledBack(err) && !(err instanceof TranscriptInUse)) throw err;
      failed.set(erasure.deletionId, erasure.tenantId);
      const fields = { err, deletion_id: erasure.deletionId };
      log.warn(fields, "A deleted chat's messages could not be erased; trying again");
      return "failed";
    }
  }

  return async (tenantId: string, turn: Turn): Promise<TurnEnd> => {
    const size = new BatchSize(eraseBounds);
    for (;;) {
      const erasures = await readPending(db, tenantId, [...failed.keys()]);
      const states = new Set<string>();
      const last = erasures.findIndex(({ deletionId }) => deletionId === lastServed.get(tenantId));
      for (const erasure of [...erasures.slice(last + 1), ...erasures.slice(0, last + 1)]) {
        lastServed.set(tenantId, erasure.deletionId);
        const begun = performance.now();
        states.add(await erase(erasure, size));
        await turn.rest(2 * (performance.now() - begun));
        if (turn.isOver()) return { more: true };
      }
      if (states.has("more") || states.has("erased")) continue;
      // What others are at they go on with.
      const left = erasures.length > 0 || [...failed.values()].includes(tenantId);
      return left ? { more: false, blocked: true } : { more: false };
    }
  };
}

const pendingRows = z.array(
  z
    .object({ chat_id: z.string(), id: z.string() })
    .transform((row) => ({ chatId: row.chat_id, deletionId: row.id })),
);

/** The oldest of a tenant's deletions whose transcripts are still to be erased. */
async function readPending(db: Database, tenantId: string, except: string[]): Promise<Erasure[]> {
  const rows = await db.$queryRaw`
    SELECT chat_id, id FROM deletion
    WHERE tenant_id = ${tenantId}::uuid AND erased_at IS NULL AND id <> ALL (${except}::uuid[])
    ORDER BY deleted_at, id
    LIMIT ${atOnce}::integer`;
  return pendingRows.parse(rows).map((row) => ({ tenantId, ...row }));
}
