import { getSettings, previewRetention, updateSettings } from "@lethe/core";
import { presentSettings } from "../present.ts";
import { presentPreview } from "../present-job.ts";
import {
  deletionPreviewSchema,
  noInputSchema,
  previewRetentionSchema,
  settingsSchema,
  updateSettingsSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { configuring, reading } from "./procedures.ts";

/** `settings.*`: the same verbs and schemas as REST. */
export const settingsRouter = t.router({
  get: reading(noInputSchema)
    .output(settingsSchema)
    .query(async ({ ctx }) => presentSettings(await getSettings(ctx.core))),

  previewRetention: reading(previewRetentionSchema)
    .output(deletionPreviewSchema)
    .query(async ({ ctx, input }) =>
      presentPreview(await previewRetention(ctx.core, { retentionDays: input.retention_days }), ctx.mayRead),
    ),

  update: configuring(updateSettingsSchema)
    .output(settingsSchema)
    .mutation(async ({ ctx, input: { trash_retention_days, retention_days } }) =>
      presentSettings(
        await updateSettings(ctx.core, {
          trashRetentionDays: trash_retention_days,
          retentionDays: retention_days,
        }),
      ),
    ),
});
