import { findDemoKey } from "@lethe/core/demo/seed-demo";
import { readErasureBacklog } from "@lethe/core/erasure/read-erasure-backlog";
import { listGateways } from "@lethe/core/gateway/lease";
import { readWebhookBacklog } from "@lethe/core/webhooks/read-webhook-backlog";
import type { Database } from "@lethe/db";
import { type Environment, isLoopback } from "@lethe/environment";
import { type Check, info, ok, warning } from "./check.ts";

/** Who holds live connections, and who did. */
export async function checkGateways(db: Database): Promise<Check[]> {
  const gateways = await listGateways(db);
  if (gateways.length === 0) return [info("gateways", "No process holds live connections.")];
  return gateways.map(({ id, host, state, connections, startedAt }) => {
    const who = `${host}, since ${startedAt.toISOString()}, ${connections} connections (${id})`;
    if (state === "alive") return ok("gateways", `Alive: ${who}.`);
    if (state === "lapsed")
      return info(
        "gateways",
        `Lapsed, so it blocks no deletion: ${who}.`,
        "Nothing to do: it is cleaned up.",
      );
    return info(
      "gateways",
      `Silent. It blocks deletions until a server has watched it for 12 seconds: ${who}.`,
      "Nothing to do while a server runs.",
    );
  });
}

/** Whether a key that everybody knows opens this database to the network. */
export async function checkDemoKey(db: Database, { host }: Environment): Promise<Check> {
  const key = await findDemoKey(db);
  if (!key) return ok("demo key", "Not in this database.");
  const detail = "The public demo key works in this database";
  if (isLoopback(host)) return info("demo key", `${detail}, on this machine alone.`);
  return warning(
    "demo key",
    `${detail}, and ${host} can be reached from outside.`,
    `Revoke it: pnpm lethe key revoke --tenant ${key.tenantId} --key ${key.id}`,
  );
}

const erasureName = "erasure";
/** Jobs start within seconds and go on until all is done; what waits longer than this is held up. */
const behindMs = 5 * 60_000;

/** Whether what was deleted is being erased, and how much is left. */
export async function checkErasure(db: Database): Promise<Check> {
  const { pending, oldestMs, messages } = await readErasureBacklog(db);
  if (pending === 0 || oldestMs === null) return ok(erasureName, "Everything that was deleted is erased.");
  const detail =
    `Deleted chats whose rows are still to be erased: ${pending}, with ${messages} messages; the oldest ` +
    `deletion was ${Math.round(oldestMs / 60_000)} minutes ago. Nothing of them can be reached.`;
  if (oldestMs < behindMs) return info(erasureName, detail, "Nothing to do: running servers erase them.");
  return warning(
    erasureName,
    detail,
    "Only running servers erase: start one with `npx -y pnpm@12.21.0 start`. If one runs, look at its log for " +
      "failed jobs, and in pg_stat_activity for transactions that hold locks for long.",
  );
}

const webhooksName = "webhooks";

/** Whether webhooks are told in time, and if not, whose fault it may be. */
export async function checkWebhooks(db: Database): Promise<Check> {
  const { behind, failing, oldestMs } = await readWebhookBacklog(db);
  if (behind === 0 || oldestMs === null)
    return ok(webhooksName, "Nothing has been due to a webhook for long.");
  return warning(
    webhooksName,
    `Webhooks to which something has been due for more than a minute: ${behind}, of which ${failing} failed last ` +
      `time; the oldest delivery has been due for ${Math.round(oldestMs / 60_000)} minutes.`,
    "Only running servers deliver: start one with `npx -y pnpm@12.21.0 start`. If one runs, the receivers are slow or " +
      "do not answer, which their tenants see in GET /api/v1/webhooks/{webhook_id}/deliveries.",
  );
}
