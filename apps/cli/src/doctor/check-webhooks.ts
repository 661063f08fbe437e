import { readWebhookBacklog } from "@lethe/core/webhooks/read-webhook-backlog";
import type { Database } from "@lethe/db";
import { type Check, ok, warning } from "./check.ts";

const name = "webhooks";

/** Whether webhooks are told in time, and if not, whose fault it may be. */
export async function checkWebhooks(db: Database): Promise<Check> {
  const { behind, failing, oldestMs } = await readWebhookBacklog(db);
  if (behind === 0 || oldestMs === null) return ok(name, "Nothing has been due to a webhook for long.");
  return warning(
    name,
    `Webhooks to which something has been due for more than a minute: ${behind}, of which ${failing} failed last ` +
      `time; the oldest delivery has been due for ${Math.round(oldestMs / 60_000)} minutes.`,
    "Only running servers deliver: start one with `npx -y pnpm@12.21.0 start`. If one runs, the receivers are slow or " +
      "do not answer, which their tenants see in GET /api/v1/webhooks/{webhook_id}/deliveries.",
  );
}
