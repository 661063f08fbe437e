import type { Database } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";
import type { Endpoint } from "./endpoint-leases.ts";
import type { SendOutcome } from "./send-webhook.ts";

/** How an attempt at a delivery ended, and how far it was in its schedule. */
export type Attempt = Endpoint & {
  id: string;
  step: number;
  outcome: Exclude<SendOutcome, { result: "cut_off" }>;
};

const lockedRows = z.array(z.object({ id: z.string() }));

/**
 * Notes attempts of any webhooks in the log, in one statement: what has failed is tried again after the next
 * pause, or has failed for good. An attempt counts for the step at which it was made, so that one that ends
 * late, after somebody else has tried, changes nothing.
 *
 * Answers the ids of deliveries that somebody has locked or has just changed: they are to be noted another time.
 *
 * A row is updated by its place. By its key PostgreSQL, which knows nothing yet of a table that has grown within
 * minutes, may take the index of what is due, and read all that is due to a webhook for each attempt.
 */
export async function recordAttempts(
  db: Pick<Database, "$queryRaw">,
  attempts: readonly Attempt[],
  pauses: readonly number[],
): Promise<Set<string>> {
  if (attempts.length === 0) return new Set();
  const records = attempts.map(({ tenantId, webhookId, id, step, outcome }) => ({
    tenant_id: tenantId,
    endpoint_id: webhookId,
    id,
    step,
    delivered: outcome.result === "delivered",
    status: outcome.status,
    error: outcome.result === "failed" ? outcome.error : null,
    pause: outcome.result === "failed" ? pauseAfter(outcome, pauses[step]) : null,
  }));
  const rows = await db.$queryRaw`
    WITH attempt AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS attempt(
        tenant_id uuid, endpoint_id uuid, id uuid, step integer, delivered boolean, status integer, error text,
        pause bigint
      )
      -- The planner would take them for 100.
      LIMIT ${records.length}::integer
    ),
    free AS MATERIALIZED (
      SELECT attempt.*, d.place, d.state = 'pending' AND d.step = attempt.step AS awaited
      FROM attempt
      CROSS JOIN LATERAL (
        SELECT ctid AS place, state, step FROM webhook_delivery AS d
        WHERE d.tenant_id = attempt.tenant_id AND d.endpoint_id = attempt.endpoint_id AND d.id = attempt.id
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS d
    ),
    noted AS (
      UPDATE webhook_delivery AS d
      SET attempts = d.attempts + 1,
        step = d.step + 1,
        state = CASE WHEN free.delivered THEN 'delivered' WHEN free.pause IS NULL THEN 'failed' ELSE 'pending' END,
        next_attempt_at = clock_timestamp() + free.pause * interval '1 millisecond',
        last_attempt_at = clock_timestamp(),
        last_status = free.status,
        last_error = free.error,
        delivered_at = CASE WHEN free.delivered THEN clock_timestamp() END
      FROM free
      -- The tenant too: where the table is partitioned each partition has a row at that place.
      WHERE d.tenant_id = free.tenant_id AND d.ctid = free.place AND free.awaited
      RETURNING d.id
    )
    SELECT attempt.id
    FROM attempt
    WHERE CASE
      WHEN attempt.id IN (SELECT id FROM noted) THEN false
      WHEN attempt.id IN (SELECT id FROM free) THEN attempt.id IN (SELECT id FROM free WHERE awaited)
      ELSE EXISTS (
        SELECT FROM webhook_delivery AS d
        WHERE d.tenant_id = attempt.tenant_id AND d.endpoint_id = attempt.endpoint_id AND d.id = attempt.id
        OFFSET 0
      )
    END`;
  return new Set(lockedRows.parse(rows).map(({ id }) => id));
}

/**
 * The pause before the next attempt: a tenth more or less, so that what failed together is not tried again
 * together, and as long as the receiver has asked for. Null: there is no next one.
 */
function pauseAfter({ retryAfterMs }: { retryAfterMs?: number }, pauseMs: number | undefined): number | null {
  if (pauseMs === undefined) return null;
  return Math.max(Math.round(pauseMs * (0.9 + 0.2 * Math.random())), retryAfterMs ?? 0);
}

/** What attempts have shown of a webhook: one success is enough to be well. */
export type Health = "well" | "failing" | "gone";

/**
 * What is to be noted after an attempt, and after others that are not noted yet. 410 is how a receiver says that it
 * will never want anything again (Standard Webhooks): that stays, whatever else comes in.
 */
export function healthAfter(outcome: Attempt["outcome"], before: Health | undefined): Health {
  if (outcome.result === "failed" && outcome.status === 410) return "gone";
  if (before === "gone") return "gone";
  return outcome.result === "delivered" || before === "well" ? "well" : "failing";
}

/**
 * Notes how a webhook fares. One that is gone, or that has had no success for `disableAfterMs`, is disabled.
 */
export async function recordHealth(
  db: Database,
  { tenantId, webhookId }: Endpoint,
  health: Health,
  disableAfterMs: number,
): Promise<void> {
  await db.$executeRaw`
    WITH judged AS (
      SELECT clock_timestamp() AS now, CASE
        WHEN ${health} = 'gone' THEN 'gone'
        WHEN ${health} = 'failing' AND failing_since
          < clock_timestamp() - ${milliseconds(disableAfterMs)} THEN 'failing'
      END AS reason
      FROM webhook_endpoint
      WHERE tenant_id = ${tenantId}::uuid AND id = ${webhookId}::uuid
    )
    UPDATE webhook_endpoint AS e
    SET failing_since = CASE WHEN ${health} <> 'well' THEN coalesce(e.failing_since, judged.now) END,
      enabled = judged.reason IS NULL,
      disabled_at = CASE WHEN judged.reason IS NULL THEN e.disabled_at ELSE judged.now END,
      disabled_reason = coalesce(judged.reason, e.disabled_reason),
      due_at = CASE WHEN judged.reason IS NULL THEN e.due_at END
    FROM judged
    WHERE e.tenant_id = ${tenantId}::uuid AND e.id = ${webhookId}::uuid AND e.enabled AND e.deleted_at IS NULL
      AND (judged.reason IS NOT NULL OR (e.failing_since IS NULL) = (${health} <> 'well'))`;
}
