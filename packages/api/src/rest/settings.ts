import { getSettings, previewRetention, updateSettings } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { presentSettings } from "../present.ts";
import { presentPreview } from "../present-job.ts";
import { getSettingsRoute, previewRetentionRoute, updateSettingsRoute } from "./settings-routes.ts";

/** The settings of `/api/v1`. */
export function mountSettings(app: ApiApp): void {
  app.openapi(getSettingsRoute, async (c) => c.json(presentSettings(await getSettings(c.var.core)), 200));

  app.openapi(updateSettingsRoute, async (c) => {
    const { trash_retention_days, retention_days } = c.req.valid("json");
    const settings = await updateSettings(c.var.core, {
      trashRetentionDays: trash_retention_days,
      retentionDays: retention_days,
    });
    return c.json(presentSettings(settings), 200);
  });

  app.openapi(previewRetentionRoute, async (c) => {
    const { retention_days: retentionDays } = c.req.valid("query");
    return c.json(presentPreview(await previewRetention(c.var.core, { retentionDays }), c.var.mayRead), 200);
  });
}
