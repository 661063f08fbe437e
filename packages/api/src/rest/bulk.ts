import { bulkDeleteAnswered } from "../bulk-delete-answered.ts";
import type { ApiApp } from "../http/env.ts";
import { bulkDeleteRoute } from "./bulk-routes.ts";

/** Deleting sets of chats in `/api/v1`. */
export function mountBulk(app: ApiApp): void {
  app.openapi(bulkDeleteRoute, async (c) => {
    const { chat_ids: chatIds, force, dry_run: dryRun } = c.req.valid("json");
    return c.json(await bulkDeleteAnswered(c.var.services, c.var.core, { chatIds, force, dryRun }), 200);
  });
}
