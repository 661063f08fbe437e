import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { dueDelivery, futureId } from "./delivery-row.ts";
import { type Endpoint, endpointSchema } from "./endpoint-leases.ts";

/** The secrets that sign for a webhook now, newest first, in SQL. */
export const signingSecrets = Prisma.sql`
  array_remove(ARRAY[secret, CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret END], NULL)`;

/** What is due, oldest first; JSON of nothing is null. */
const dueRows = z
  .array(dueDelivery)
  .nullable()
  .transform((due) => due ?? []);
const openRows = z.array(
  endpointSchema.extend({
    url: z.string(),
    secrets: z.array(z.string()),
    failing: z.boolean(),
    behind: z.boolean(),
    due: dueRows,
  }),
);
/** A webhook as it is now, what is to be sent to it, and whether messages for it have still to become deliveries. */
type OpenEndpoint = z.infer<typeof openRows>[number];

/** A webhook of which up to `want` deliveries are asked for, none that are in `known`. */
type Question = Endpoint & { want: number; known: readonly string[] };

/**
 * Reads what is due to webhooks that `owner` holds, oldest first, and how they are to be told. Left out is one
 * that is disabled, gone, or held by somebody else by now.
 */
export async function readDue(
  db: Database,
  owner: string,
  questions: readonly Question[],
): Promise<OpenEndpoint[]> {
  if (questions.length === 0) return [];
  const rows = await db.$queryRaw`
    SELECT e.tenant_id AS "tenantId", e.id AS "webhookId", e.url, ${signingSecrets} AS secrets, e.failing_since IS NOT NULL AS failing,
      e.last_expanded < e.last_message AS behind, (
      SELECT json_agg(json_build_object('id', d.id, 'step', d.step, 'payload', d.payload))
      FROM (
        SELECT id, step, payload FROM webhook_delivery
        WHERE tenant_id = e.tenant_id AND endpoint_id = e.id
          AND state = 'pending' AND next_attempt_at <= statement_timestamp()
          AND id <> ALL (${questions.flatMap(({ known }) => known)}::uuid[])
        ORDER BY next_attempt_at
        LIMIT question.want
      ) AS d
    ) AS due
    FROM unnest(
      ${questions.map(({ tenantId }) => tenantId)}::uuid[],
      ${questions.map(({ webhookId }) => webhookId)}::uuid[],
      ${questions.map(({ want }) => want)}::integer[]
    ) AS question(tenant_id, id, want)
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_endpoint AS e WHERE e.tenant_id = question.tenant_id AND e.id = question.id OFFSET 0
    ) AS e
    WHERE e.enabled AND e.deleted_at IS NULL
      AND e.leased_by = ${owner}::uuid AND e.leased_until > statement_timestamp()`;
  return openRows.parse(rows);
}

/**
 * Reads what is due, as `readDue` does, and has messages become deliveries for webhooks to which less is due than is
 * asked for.
 */
export async function readAhead(
  db: Database,
  owner: string,
  questions: readonly Question[],
): Promise<OpenEndpoint[]> {
  const open = new Map((await readDue(db, owner, questions)).map((row) => [row.webhookId, row]));
  const short = questions.flatMap(({ tenantId, webhookId, want }) => {
    const row = open.get(webhookId);
    return row?.behind && row.due.length < want ? [{ tenantId, webhookId, want: want - row.due.length }] : [];
  });
  for (const { webhookId, behind, due } of await expandMessages(db, owner, short)) {
    const row = open.get(webhookId);
    if (row) open.set(webhookId, { ...row, behind, due: [...row.due, ...due] });
  }
  return [...open.values()];
}

/** Deliveries that one call writes at most, and messages that it looks at for each webhook, wanted or not. */
const expandBounds = { deliveries: 1_000, messages: 1_000 };

const expandedRows = z.array(endpointSchema.extend({ behind: z.boolean(), due: dueRows }));
/** What has become due to a webhook, and whether there is more for it. */
type Expanded = z.infer<typeof expandedRows>[number];

/**
 * Makes deliveries of the next messages for webhooks that `owner` holds: up to `want` for each, and no more in all than
 * is quickly written, to equal parts. A webhook's deliveries and its new place are written together, under the lock of
 * its row, so that each comes about once. Left out is one that is disabled, gone, held by somebody else by now, or
 * locked.
 */
export async function expandMessages(
  db: Pick<Database, "$queryRaw">,
  owner: string,
  questions: readonly (Endpoint & { want: number })[],
): Promise<Expanded[]> {
  if (questions.length === 0) return [];
  const part = Math.max(1, Math.floor(expandBounds.deliveries / questions.length));
  // What the statement sees of messages is from its beginning. The row that it locks may be newer: then there is more,
  // and the place must not come past what was seen. So it goes by the last message of the row as it was `seen`.
  const rows = await db.$queryRaw`
    WITH mine AS MATERIALIZED (
      SELECT e.*, least(question.want, ${part}::integer) AS want
      FROM unnest(
        ${questions.map(({ tenantId }) => tenantId)}::uuid[],
        ${questions.map(({ webhookId }) => webhookId)}::uuid[],
        ${questions.map(({ want }) => want)}::integer[]
      ) AS question(tenant_id, id, want)
      CROSS JOIN LATERAL (
        SELECT tenant_id, id, last_expanded FROM webhook_endpoint AS e
        WHERE e.tenant_id = question.tenant_id AND e.id = question.id AND e.enabled AND e.deleted_at IS NULL
          -- So written that the index of leases cannot be taken in the place of the key.
          AND e.leased_by = ${owner}::uuid AND coalesce(e.leased_until > statement_timestamp(), false)
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS e
    ),
    endpoint AS MATERIALIZED (
      SELECT mine.*, coalesce(
        (
          SELECT message.id FROM webhook_message AS message
          WHERE message.tenant_id = mine.tenant_id AND message.id > mine.last_expanded
          ORDER BY message.id
          OFFSET ${expandBounds.messages - 1}::integer
          LIMIT 1
        ),
        seen.last_message
      ) AS until
      FROM mine
      CROSS JOIN LATERAL (
        SELECT last_message FROM webhook_endpoint AS seen
        WHERE seen.tenant_id = mine.tenant_id AND seen.id = mine.id
        OFFSET 0
      ) AS seen
    ),
    next AS MATERIALIZED (
      SELECT endpoint.tenant_id, endpoint.id AS endpoint_id, endpoint.want, endpoint.until,
        ${futureId} AS delivery_id, message.*
      FROM endpoint
      LEFT JOIN LATERAL (
        SELECT id AS message_id, key, event_type, payload, created_at FROM webhook_message AS message
        WHERE message.tenant_id = endpoint.tenant_id
          AND message.id > endpoint.last_expanded AND message.id <= endpoint.until
          AND endpoint.id = ANY (message.endpoint_ids)
        ORDER BY message.id
        LIMIT endpoint.want
      ) AS message ON true
    ),
    written AS (
      INSERT INTO webhook_delivery (tenant_id, endpoint_id, id, event_type, payload, created_at, next_attempt_at)
      SELECT tenant_id, endpoint_id, delivery_id, event_type, payload, created_at, created_at FROM next
      WHERE message_id IS NOT NULL
      ORDER BY message_id
    ),
    taken AS (
      SELECT tenant_id, endpoint_id, want, until, count(message_id) AS count, max(message_id) AS last,
        json_agg(json_build_object('id', delivery_id, 'step', 0, 'payload', payload) ORDER BY message_id)
          FILTER (WHERE message_id IS NOT NULL) AS due
      FROM next GROUP BY tenant_id, endpoint_id, want, until
    )
    UPDATE webhook_endpoint AS e
    SET last_expanded = CASE WHEN taken.count = taken.want THEN taken.last
      ELSE greatest(e.last_expanded, taken.until) END
    FROM taken
    WHERE e.tenant_id = taken.tenant_id AND e.id = taken.endpoint_id
    RETURNING e.tenant_id AS "tenantId", e.id AS "webhookId", e.last_expanded < e.last_message AS behind, taken.due`;
  return expandedRows.parse(rows);
}
