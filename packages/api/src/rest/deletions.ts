import { getDeletion, listDeletions } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { presentDeletionRecord, presentDeletionWithReceipts, presentPage } from "../present.ts";
import type { Services } from "../services.ts";
import { getDeletionRoute, listDeletionsRoute } from "./deletion-routes.ts";
import { guard } from "./guard.ts";

/** The deletion ledger of `/api/v1`. */
export function mountDeletions(app: ApiApp, services: Services): void {
  const read = guard(services, "chats:read");

  app.openapi({ ...listDeletionsRoute, middleware: read }, async (c) => {
    const page = await listDeletions(c.var.core, c.req.valid("query"));
    return c.json(presentPage(page, presentDeletionRecord), 200);
  });

  app.openapi({ ...getDeletionRoute, middleware: read }, async (c) => {
    const deletion = await getDeletion(c.var.core, { deletionId: c.req.valid("param").deletion_id });
    const receipts = await services.receipts.issue(c.var.core.tenantId, deletion);
    return c.json(presentDeletionWithReceipts(deletion, receipts), 200);
  });
}
