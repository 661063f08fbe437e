import { bulkDeleteAnswered } from "../bulk-delete-answered.ts";
import type { ApiApp } from "../http/env.ts";
import { bulkBodySize, limitBody } from "../http/limit-body.ts";
import type { Services } from "../services.ts";
import { bulkDeleteRoute } from "./bulk-routes.ts";
import { guard } from "./guard.ts";

/** Deleting sets of chats in `/api/v1`. */
export function mountBulk(app: ApiApp, services: Services): void {
  const remove = [guard(services, "chats:delete"), limitBody(bulkBodySize)];

  app.openapi({ ...bulkDeleteRoute, middleware: remove }, async (c) => {
    const { chat_ids: chatIds, force } = c.req.valid("json");
    return c.json(await bulkDeleteAnswered(services, c.var.core, { chatIds, force }), 200);
  });
}
