import { type Database, queryRows } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";
import type { EventRow } from "../feed/events.ts";
import { readHead, readUnread } from "../feed/read-events.ts";
import { wake } from "./endpoint-leases.ts";
import type { WebhookEventType, WebhookPayload } from "./webhook.ts";

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
      -- The newest, not whether there is any: that is one entry of an index, whatever is known of the table.
      position.moved_at < clock_timestamp() - ${milliseconds(idleMs)}
        AND (SELECT max(xid) FROM event) >= pg_snapshot_xmax(position.seen)::text::bigint AS stale
    FROM (SELECT) AS always
    LEFT JOIN webhook_position AS position ON true`;
  return looks.parse(found)[0];
}

async function isUnread(db: Database, seen: string): Promise<boolean> {
  const { empty, more, forgotten } = await readUnread(db, seen, 1);
  return !empty || more || forgotten;
}

/** Has nobody turn events into messages until the transaction ends. False: somebody does just now. */
export async function lockFanOut(tx: Transaction): Promise<boolean> {
  // Each webhook that is told is found by its key, whatever PostgreSQL takes their number for.
  const turn = await tx.$queryRaw`
    SELECT pg_try_advisory_xact_lock(${lockKeys.lethe}::integer, ${lockKeys.webhook}::integer) AS mine,
      set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true)`;
  return turns.parse(turn)[0].mine;
}

async function fanOutBatch(tx: Transaction): Promise<{ messages: number; more: boolean }> {
  const nothing = { messages: 0, more: false };
  if (!(await lockFanOut(tx))) return nothing;
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

/** Something to tell the webhooks of a tenant that want to hear of its type. */
type Message = { tenantId: string; at: Date; type: WebhookEventType; payload: WebhookPayload };

/**
 * What webhooks are told of events: ids, types and times, never content. A chat whose rows went with it has
 * no event of its own for that, so its deletion is told as both.
 *
 * @param erasedAtOnce the ids of the deletions that left nothing to erase
 */
function toMessages(rows: readonly EventRow[], erasedAtOnce: ReadonlySet<string>): Message[] {
  return rows.flatMap((row) => {
    const message = (type: WebhookEventType, data: Record<string, string>): Message => {
      const { tenant_id: tenantId, at } = row;
      return { tenantId, at, type, payload: { type, timestamp: at.toISOString(), data } };
    };
    const at = row.at.toISOString();
    switch (row.type) {
      case "chat.trashed":
      case "chat.restored":
        return [message(row.type, { chat_id: row.chat_id })];
      case "chat.deleted": {
        const ids = { chat_id: row.chat_id, deletion_id: row.deletion_id };
        const deleted = message("chat.deleted", { ...ids, deleted_at: at });
        return erasedAtOnce.has(row.deletion_id)
          ? [deleted, message("deletion.erased", { ...ids, erased_at: at })]
          : [deleted];
      }
      case "deletion.erased": {
        const ids = { chat_id: row.chat_id, deletion_id: row.deletion_id };
        return [message(row.type, { ...ids, erased_at: at })];
      }
      case "deletion_job.finished":
        return [message(row.type, { job_id: row.job_id })];
      case "tenant.deleted":
        return [message(row.type, { tenant_id: row.tenant_id, deleted_at: at })];
      default:
        return [];
    }
  });
}

const counted = z.tuple([z.object({ count: z.int() })]);

/**
 * Writes each message once, for those webhooks of its tenant that are enabled, want its type and were there when it
 * happened, and has these worked on. One that is for nobody is not written. Answers how many were.
 *
 * Who is told is found for each tenant and type, not for each message, so that many webhooks cost no more than one.
 *
 * To be called with the lock of the fan-out, which is held until the commit: so the ids are in the order of the
 * commits, and whoever sees a message sees all before it.
 */
async function writeMessages(tx: Pick<Database, "$queryRaw">, messages: readonly Message[]): Promise<number> {
  const rows = await tx.$queryRaw`
    WITH kind AS MATERIALIZED (
      SELECT tenant_id, type, array_agg(at) AS ats, array_agg(payload) AS payloads, array_agg(n) AS ns
      FROM unnest(
        ${messages.map(({ tenantId }) => tenantId)}::uuid[],
        ${messages.map(({ at }) => at.toISOString())}::timestamptz[],
        ${messages.map(({ type }) => type)}::text[],
        ${messages.map(({ payload }) => JSON.stringify(payload))}::jsonb[]
      ) WITH ORDINALITY AS message(tenant_id, at, type, payload, n)
      GROUP BY tenant_id, type
    ),
    addressed AS (
      SELECT kind.tenant_id, kind.type, message.payload, message.n,
        CASE WHEN message.at >= audience.complete_at THEN audience.endpoint_ids ELSE (
          SELECT array_agg(endpoint.id) FROM webhook_endpoint AS endpoint
          WHERE endpoint.tenant_id = kind.tenant_id AND endpoint.id = ANY (audience.endpoint_ids)
            AND endpoint.created_at <= message.at
        ) END AS endpoint_ids
      FROM kind
      CROSS JOIN LATERAL (
        SELECT array_agg(endpoint.id) AS endpoint_ids, max(endpoint.created_at) AS complete_at
        FROM webhook_endpoint AS endpoint
        WHERE endpoint.tenant_id = kind.tenant_id AND endpoint.enabled AND endpoint.deleted_at IS NULL
          AND kind.type = ANY (endpoint.event_types)
      ) AS audience
      CROSS JOIN LATERAL unnest(kind.ats, kind.payloads, kind.ns) AS message(at, payload, n)
      WHERE audience.endpoint_ids IS NOT NULL
    ),
    written AS (
      -- Not the time at which the transaction began, before it had the lock: the log goes by times as by ids.
      INSERT INTO webhook_message (tenant_id, event_type, payload, endpoint_ids, created_at)
      SELECT tenant_id, type, payload, endpoint_ids, clock_timestamp() FROM addressed WHERE endpoint_ids IS NOT NULL
      ORDER BY n
      RETURNING tenant_id, id, endpoint_ids
    ),
    told AS (
      SELECT tenant_id, endpoint_id, min(first) AS first, max(last) AS last
      FROM (
        SELECT tenant_id, endpoint_ids, min(id) AS first, max(id) AS last
        FROM written GROUP BY tenant_id, endpoint_ids
      ) AS alike
      CROSS JOIN unnest(endpoint_ids) AS endpoint_id
      GROUP BY tenant_id, endpoint_id
    ),
    woken AS (
      UPDATE webhook_endpoint
      SET last_expanded = CASE WHEN last_expanded < last_message THEN last_expanded ELSE told.first - 1 END,
        last_message = told.last, ${wake}
      FROM told
      WHERE webhook_endpoint.tenant_id = told.tenant_id AND webhook_endpoint.id = told.endpoint_id
    )
    SELECT count(*)::integer FROM written`;
  return counted.parse(rows)[0].count;
}
