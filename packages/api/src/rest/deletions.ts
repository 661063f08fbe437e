import { getDeletion, listDeletions } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { presentDeletionRecord, presentDeletionWithReceipts, presentPage } from "../present.ts";
import { getDeletionRoute, listDeletionsRoute } from "./deletion-routes.ts";

/** The deletion ledger of `/api/v1`. */
export function mountDeletions(app: ApiApp): void {
  app.openapi(listDeletionsRoute, async (c) => {
    const page = await listDeletions(c.var.core, c.req.valid("query"));
    return c.json(presentPage(page, presentDeletionRecord), 200);
  });

  app.openapi(getDeletionRoute, async (c) => {
    const deletion = await getDeletion(c.var.core, { deletionId: c.req.valid("param").deletion_id });
    const receipts = await c.var.services.receipts.issue(c.var.core.tenantId, deletion);
    return c.json(presentDeletionWithReceipts(deletion, receipts), 200);
  });
}
