import type { Context } from "../context.ts";
import { limits } from "../limits.ts";
import type { Webhook } from "./webhook.ts";
import { webhookColumns, webhookRows } from "./webhook-row.ts";

/** A tenant's webhooks, oldest first; there are at most `limits.webhooks`. */
export async function listWebhooks(ctx: Context): Promise<Webhook[]> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${webhookColumns} FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND deleted_at IS NULL
    ORDER BY created_at, id
    LIMIT ${limits.webhooks}::integer`;
  return webhookRows.parse(rows);
}
