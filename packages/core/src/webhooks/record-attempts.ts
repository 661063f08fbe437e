import type { Database } from "@lethe/db";
import type { Endpoint } from "./deliver-task.ts";
import type { SendOutcome } from "./send-webhook.ts";

/** How an attempt at a delivery ended, and how far it was in its schedule. */
export type Attempt = { id: string; step: number; outcome: Exclude<SendOutcome, { result: "cut_off" }> };

/** Notes attempts in the log: what has failed is tried again after the next pause, or has failed for good. */
export async function recordAttempts(
  db: Database,
  { tenantId, webhookId }: Endpoint,
  attempts: readonly Attempt[],
  pauses: readonly number[],
): Promise<void> {
  if (attempts.length === 0) return;
  const records = attempts.map(({ id, step, outcome }) => {
    const pause = outcome.result === "delivered" ? undefined : pauses[step];
    return {
      id,
      delivered: outcome.result === "delivered",
      status: outcome.status,
      error: outcome.result === "failed" ? outcome.error : null,
      pause: pause === undefined ? null : varied(pause),
    };
  });
  await db.$executeRaw`
    UPDATE webhook_delivery AS delivery
    SET attempts = delivery.attempts + 1,
      step = delivery.step + 1,
      state = CASE WHEN record.delivered THEN 'delivered' WHEN record.pause IS NULL THEN 'failed' ELSE 'pending' END,
      next_attempt_at = clock_timestamp() + record.pause * interval '1 millisecond',
      last_attempt_at = clock_timestamp(),
      last_status = record.status,
      last_error = record.error,
      delivered_at = CASE WHEN record.delivered THEN clock_timestamp() END
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      AS record(id uuid, delivered boolean, status integer, error text, pause integer)
    WHERE delivery.tenant_id = ${tenantId}::uuid AND delivery.endpoint_id = ${webhookId}::uuid
      AND delivery.id = record.id AND delivery.state = 'pending'`;
}

/** A tenth more or less, so that what failed together is not tried again together. */
function varied(pauseMs: number): number {
  return Math.round(pauseMs * (0.9 + 0.2 * Math.random()));
}
