import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { dueDelivery } from "./delivery-row.ts";
import type { Endpoint } from "./endpoint-leases.ts";
import { expandMessages } from "./expand-messages.ts";

/** The secrets that sign for a webhook now, newest first, in SQL. */
export const signingSecrets = Prisma.sql`
  array_remove(ARRAY[secret, CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret END], NULL)`;

const openRows = z.array(
  z
    .object({
      tenant_id: z.string(),
      id: z.string(),
      url: z.string(),
      secrets: z.array(z.string()),
      failing: z.boolean(),
      behind: z.boolean(),
      due: z.array(dueDelivery).nullable(),
    })
    .transform(({ tenant_id: tenantId, id: webhookId, due, ...row }) => ({
      tenantId,
      webhookId,
      ...row,
      due: due ?? [],
    })),
);
/** A webhook as it is now, what is to be sent to it, and whether messages for it have still to become deliveries. */
export type OpenEndpoint = z.infer<typeof openRows>[number];

/** A webhook of which up to `want` deliveries are asked for, none that are in `known`. */
export type Question = Endpoint & { want: number; known: readonly string[] };

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
    SELECT e.tenant_id, e.id, e.url, ${signingSecrets} AS secrets, e.failing_since IS NOT NULL AS failing,
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
