import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";

const trashRule = `trash_retention_days must be a whole number from 0 to ${limits.trashRetentionDays}; 0 keeps what is in the trash`;
const retentionRule = `retention_days must be a whole number from 1 to ${limits.retentionDays}, or null to turn retention off`;

const trashRetentionDays = z.int(trashRule).min(0, trashRule).max(limits.trashRetentionDays, trashRule).meta({
  description: "Days of 24 hours that a chat stays in the trash before it is purged; 0: until it is deleted.",
});
const retentionDays = z
  .int(retentionRule)
  .min(1, retentionRule)
  .max(limits.retentionDays, retentionRule)
  .nullable()
  .meta({ description: "Chats without activity for this many days are deleted; null: never." });

/** What a tenant has decided for all of its chats. */
export const settingsSchema = z
  .object({ trash_retention_days: trashRetentionDays, retention_days: retentionDays })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof settingsSchema>;

/** What is to change; the rest stays. */
export const updateSettingsSchema = strictInput(
  { trash_retention_days: trashRetentionDays.optional(), retention_days: retentionDays.optional() },
  "Send a JSON object with trash_retention_days or retention_days",
).meta({ id: "UpdateSettings" });
