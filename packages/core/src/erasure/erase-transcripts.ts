import { type Database, Prisma } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { TaskModule, TaskOptions, Turn, TurnEnd } from "../background/task-module.ts";
import { BatchSize } from "../batch-size.ts";
import { atMost, exactly } from "../cache-options.ts";
import { wasRolledBack } from "../database-error.ts";
import { inOrder } from "../in-order.ts";
import type { Erasure } from "./erasure.ts";
import { readErasureBacklog } from "./read-erasure-backlog.ts";

/**
 * `more`: messages are left; `erased`: the last one is gone; `elsewhere`: somebody else is at it, or it
 * has been done.
 */
type BatchOutcome = { state: "more" | "erased" | "elsewhere"; messages: number };

/** A transcript whose chat is there, so that nothing of it may be erased. */
class TranscriptInUse extends Error {
  override readonly name = "TranscriptInUse";
}

const rowsSchema = z.array(z.object({ messages: z.int(), more: z.boolean(), open: z.boolean() }));

/**
 * Erases the next `size` messages of a deleted chat's transcript in one transaction, which also notes how
 * far it got; with the last of them the transcript goes, and the ledger is told.
 *
 * The row of the transcript is locked, so that two workers never do the same work. Throws
 * TranscriptInUse for one whose chat is there.
 */
export async function eraseBatch(
  db: Database,
  { tenantId, chatId, deletionId }: Erasure,
  size: number,
): Promise<BatchOutcome> {
  // Reading the range before once more lets PostgreSQL mark its index entries as dead. Otherwise the
  // last batch would pay for all of them: its foreign key check reads whatever is not marked.
  const rows = await db.$queryRaw`
    WITH place AS MATERIALIZED (
      SELECT transcript.tenant_id, transcript.chat_id, transcript.erased_seq AS low,
        EXISTS (
          SELECT FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = ${chatId}::uuid
        ) AS open,
        coalesce((
          SELECT max(message.seq) FROM message
          WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = ${chatId}::uuid
        ) > transcript.erased_seq::bigint + ${size}::integer, false) AS more
      FROM transcript
      WHERE transcript.tenant_id = ${tenantId}::uuid AND transcript.chat_id = ${chatId}::uuid
        AND EXISTS (
          -- What is pending is judged apart from the key: there is an index of it, which does not lead to the key alone.
          SELECT FROM (
            SELECT erased_at FROM deletion
            WHERE deletion.tenant_id = ${tenantId}::uuid AND deletion.id = ${deletionId}::uuid
              AND deletion.chat_id = ${chatId}::uuid
            OFFSET 0
          ) AS line
          WHERE line.erased_at IS NULL
        )
      FOR UPDATE OF transcript SKIP LOCKED
    ),
    closed AS MATERIALIZED (SELECT * FROM place WHERE NOT open),
    gone AS (
      DELETE FROM message USING closed
      WHERE message.tenant_id = closed.tenant_id AND message.chat_id = closed.chat_id
        AND message.seq > closed.low AND message.seq <= closed.low::bigint + ${size}::integer
      RETURNING 1
    ),
    noted AS (
      UPDATE transcript SET erased_seq = closed.low + ${size}::integer
      FROM closed
      WHERE transcript.tenant_id = closed.tenant_id AND transcript.chat_id = closed.chat_id AND closed.more
    ),
    emptied AS (
      DELETE FROM transcript USING closed
      WHERE transcript.tenant_id = closed.tenant_id AND transcript.chat_id = closed.chat_id AND NOT closed.more
    ),
    noted_in_ledger AS (
      UPDATE deletion SET erased_at = greatest(deletion.deleted_at, clock_timestamp())
      FROM closed
      WHERE deletion.tenant_id = closed.tenant_id AND deletion.id = ${deletionId}::uuid AND NOT closed.more
      RETURNING deletion.tenant_id, deletion.chat_id, deletion.id, deletion.erased_at
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
      SELECT tenant_id, 'deletion.erased', chat_id, id, erased_at FROM noted_in_ledger
    )
    SELECT (SELECT count(*)::integer FROM gone) AS messages, place.more, place.open,
      (
        SELECT count(message.seq) FROM message
        WHERE message.tenant_id = place.tenant_id AND message.chat_id = place.chat_id
          AND message.seq > place.low - ${size}::integer AND message.seq <= place.low
      ) AS reread
    FROM place`;
  const [row] = rowsSchema.parse(rows);
  if (row === undefined) return { state: "elsewhere", messages: 0 };
  if (row.open)
    throw new TranscriptInUse(
      `The chat of the deletion ${deletionId} is there: its transcript is not erased`,
    );
  return { state: row.more ? "more" : "erased", messages: row.messages };
}

/**
 * Messages that a batch erases. Not less than 500: on a busy machine the way to the database and back takes longer than
 * a batch should, and batches of a few messages would never come to an end.
 */
export const eraseBounds = { targetMs: [5, 12], smallest: 500, first: 500, largest: 10_000 } as const;
/** Transcripts that are erased side by side, a batch each, so that a long one does not hold up short ones. */
const atOnce = 8;
/** Transcripts that could not be erased and are left alone for a while, at most; and tenants remembered. */
const most = { failed: 200, tenants: 1_000 };

type EraserOptions = {
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
  const failed = new LRUCache<string, string>({ ...exactly, ...atMost(most.failed), ttl: retryMs });
  const lastServed = new LRUCache<string, string>(atMost(most.tenants));

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

const pendingRows = z.array(z.object({ chatId: z.string(), deletionId: z.string() }));

/** The oldest of a tenant's deletions whose transcripts are still to be erased. */
async function readPending(db: Database, tenantId: string, except: string[]): Promise<Erasure[]> {
  const rows = await db.$queryRaw`
    SELECT chat_id AS "chatId", id AS "deletionId" FROM deletion ${inOrder}
    WHERE tenant_id = ${tenantId}::uuid AND erased_at IS NULL AND id <> ALL (${except}::uuid[])
    ORDER BY deleted_at, id
    LIMIT ${atOnce}::integer`;
  return pendingRows.parse(rows).map((row) => ({ tenantId, ...row }));
}

/** Erases what deletions have left behind. */
export function erasureTasks({ db, log, onErased, onBacklog, retryMs }: TaskOptions): TaskModule {
  return {
    tasks: [
      {
        name: "erasure",
        work: createEraser({ db, log, onErased, retryMs }),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT deletion.tenant_id FROM deletion
          WHERE deletion.erased_at IS NULL AND deletion.tenant_id > ${tenantId}
          ORDER BY deletion.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [
      {
        what: "pending erasures",
        everyMs: 5_000,
        run: async () => onBacklog(await readErasureBacklog(db)),
      },
    ],
  };
}
