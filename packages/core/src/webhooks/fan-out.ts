import { type Database, queryRows } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";
import type { EventRow } from "../feed/events.ts";
import { readHead, readUnread } from "../feed/read-events.ts";
import { toMessages } from "./to-messages.ts";
import { writeMessages } from "./write-messages.ts";

type Transaction = Pick<Database, "$queryRaw" | "$executeRaw">;

const batchSize = 500;
const maxBatches = 50;
/** The advisory lock of the fan-out: "lethe" and "webhook" on a telephone keypad. */
const lockKeys = { lethe: 53_843, webhook: 9_324_665 };
/** With no webhook anywhere the position is brought up to date this seldom; milliseconds. */
const idleMs = 10_000;

const looks = z.tuple([
  z.object({
    /** Whether there is a webhook that could be told. */
    wanted: z.boolean(),
    /** What was passed on, as a snapshot; null: it was never noted. */
    seen: z.string().nullable(),
    /** Whether events were passed over for a while. */
    stale: z.boolean().nullable(),
  }),
]);
const turns = z.tuple([z.object({ mine: z.boolean() })]);
const ids = z.array(z.object({ id: z.string() }));

/**
 * Turns events of the outbox into messages for webhooks as soon as they are committed, from where it was left. Each
 * batch is one transaction with its messages and the new position: nothing is passed over and nothing is written
 * twice, whenever a process dies. One process does it at a time; the others answer 0.
 *
 * A message is one row, however many webhooks it is for: this is done in one order for all tenants, and what one has of
 * webhooks is nobody else's delay.
 *
 * Answers how many messages were written. One call is bounded; what is left is for the next.
 *
 * @param onWritten called after each batch that has written some
 */
export async function fanOut(db: Database, onWritten: () => void = () => {}): Promise<number> {
  const { wanted, seen, stale } = await look(db);
  if (seen !== null && !(wanted ? await isUnread(db, seen) : stale)) return 0;
  let written = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { messages, more } = await db.$transaction((tx) => fanOutBatch(tx));
    if (messages > 0) onWritten();
    written += messages;
    if (!more) break;
  }
  return written;
}

async function look(db: Pick<Database, "$queryRaw">) {
  const found = await queryRows(db)`
    SELECT EXISTS (SELECT FROM webhook_endpoint WHERE enabled AND deleted_at IS NULL) AS wanted,
      position.seen::text,
      position.moved_at < clock_timestamp() - ${milliseconds(idleMs)} AND EXISTS (
        SELECT FROM event WHERE event.xid >= pg_snapshot_xmax(position.seen)::text::bigint
      ) AS stale
    FROM (SELECT) AS always
    LEFT JOIN webhook_position AS position ON true`;
  return looks.parse(found)[0];
}

async function isUnread(db: Database, seen: string): Promise<boolean> {
  const { empty, more, forgotten } = await readUnread(db, seen, 1);
  return !empty || more || forgotten;
}

async function fanOutBatch(tx: Transaction): Promise<{ messages: number; more: boolean }> {
  const nothing = { messages: 0, more: false };
  const turn = await tx.$queryRaw`
    SELECT pg_try_advisory_xact_lock(${lockKeys.lethe}::integer, ${lockKeys.webhook}::integer) AS mine`;
  if (!turns.parse(turn)[0].mine) return nothing;
  // Statements after the lock: they see what the process before has committed. The head comes before the look, so that
  // nothing is passed over that a webhook wants which was made in between.
  const head = await readHead(tx);
  const { wanted, seen } = await look(tx);
  const batch = wanted && seen !== null ? await readUnread(tx, seen, batchSize) : null;
  // On a server that was restored it tells of what never happened.
  if (batch === null || batch.forgotten) {
    await move(tx, head.seen);
    return nothing;
  }
  const messages = toMessages(batch.rows, await erasedAtOnce(tx, batch.rows));
  const written = messages.length === 0 ? 0 : await writeMessages(tx, messages);
  await move(tx, batch.seen);
  return { messages: written, more: batch.more };
}

async function move(tx: Transaction, seen: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO webhook_position (seen, moved_at) VALUES (${seen}::pg_snapshot, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, moved_at = excluded.moved_at`;
}

/** The deletions among the events whose transcript went in the same transaction. */
async function erasedAtOnce(tx: Transaction, rows: readonly EventRow[]): Promise<Set<string>> {
  const deleted = rows.flatMap((row) => (row.type === "chat.deleted" ? [row] : []));
  if (deleted.length === 0) return new Set();
  // Both are then the one moment that the deletion took; a batch of its own comes milliseconds later.
  const found = await tx.$queryRaw`
    SELECT deletion.id
    FROM unnest(
      ${deleted.map((row) => row.tenant_id)}::uuid[], ${deleted.map((row) => row.deletion_id)}::uuid[]
    ) AS d(tenant_id, id)
    CROSS JOIN LATERAL (
      SELECT id FROM deletion
      WHERE deletion.tenant_id = d.tenant_id AND deletion.id = d.id AND deletion.erased_at = deletion.deleted_at
      OFFSET 0
    ) AS deletion`;
  return new Set(ids.parse(found).map(({ id }) => id));
}
