import type { Database } from "@lethe/db";
import { z } from "zod";
import type { Endpoint } from "./deliver-task.ts";
import { payloadSchema } from "./delivery-row.ts";
import { type EndpointLease, type Health, releaseLease, renewLease, takeLease } from "./endpoint-lease.ts";
import { type Attempt, recordAttempts } from "./record-attempts.ts";
import { type SendOutcome, sendWebhook } from "./send-webhook.ts";
import type { WebhookOptions } from "./webhook-options.ts";

/** Deliveries that are sent to one webhook at the same time. */
const atOnce = 8;

const dueRows = z.array(z.object({ id: z.string(), step: z.int(), payload: payloadSchema }));

export type DeliverDue = {
  db: Database;
  endpoint: Endpoint;
  options: WebhookOptions;
  /** Then it is left, whatever is due, so that others come to their turn; milliseconds. */
  sliceMs: number;
  /** Aborted when the process stops: what is on its way is cut off and sent again by others. */
  signal: AbortSignal;
};

/**
 * Sends what is due to one webhook, oldest first and a few at a time, and notes how each attempt ended. What
 * it died over is sent again, under the same `webhook-id`. Nothing is done if somebody else is at it.
 *
 * Answers whether more is due now.
 */
export async function deliverDue({ db, endpoint, options, sliceMs, signal }: DeliverDue): Promise<boolean> {
  let lease = await takeLease(db, endpoint, options.leaseMs);
  if (lease === undefined) return false;
  const end = performance.now() + sliceMs;
  while (!signal.aborted && performance.now() < end) {
    const current: EndpointLease = lease;
    const due = await readDue(db, endpoint);
    if (due.length === 0) break;
    const outcomes = await Promise.all(
      due.map(async ({ id, step, payload }) => {
        const { url, secrets } = current;
        const { timeoutMs } = options;
        const outcome = await sendWebhook({ url, secrets, id, payload, timeoutMs, policy: options, signal });
        return { id, step, outcome };
      }),
    );
    await recordAttempts(db, endpoint, outcomes.filter(isAttempt), options.pauses);
    const health = healthOf(outcomes);
    if (health === undefined) break;
    lease = await renewLease(db, current, health, options);
    if (lease === undefined) return false;
  }
  return releaseLease(db, lease);
}

async function readDue(db: Database, { tenantId, webhookId }: Endpoint) {
  const rows = await db.$queryRaw`
    SELECT id, step, payload FROM webhook_delivery
    WHERE tenant_id = ${tenantId}::uuid AND endpoint_id = ${webhookId}::uuid
      AND state = 'pending' AND next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at
    LIMIT ${atOnce}::integer`;
  return dueRows.parse(rows);
}

type Ended = { id: string; step: number; outcome: SendOutcome };

const isAttempt = (ended: Ended): ended is Attempt => ended.outcome.result !== "cut_off";

/** 410 is how a receiver says that it will never want anything again (Standard Webhooks). */
function healthOf(ended: readonly Ended[]): Health | undefined {
  const outcomes = ended.map(({ outcome }) => outcome);
  if (outcomes.some((outcome) => outcome.result === "failed" && outcome.status === 410)) return "gone";
  if (outcomes.some(({ result }) => result === "delivered")) return "well";
  return outcomes.every(({ result }) => result === "cut_off") ? undefined : "failing";
}
