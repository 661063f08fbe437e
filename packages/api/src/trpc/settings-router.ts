import { getSettings, updateSettings } from "@lethe/core";
import { presentSettings } from "../present.ts";
import { settingsSchema, updateSettingsSchema } from "../schemas/index.ts";
import { t } from "./init.ts";
import { configuring, reading } from "./procedures.ts";

/** `settings.*`: the same verbs and schemas as REST. */
export const settingsRouter = t.router({
  get: reading.output(settingsSchema).query(async ({ ctx }) => presentSettings(await getSettings(ctx.core))),

  update: configuring
    .input(updateSettingsSchema)
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
