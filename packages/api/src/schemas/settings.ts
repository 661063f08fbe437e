import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { text, timeSchema, wholeNumber } from "./text.ts";

const count = z.int().min(0);

const trashRange = { min: 0, max: limits.trashRetentionDays };
const trashRetentionDays = wholeNumber(
  "trash_retention_days",
  trashRange,
  "; 0 keeps what is in the trash",
).meta({
  description: "Days of 24 hours that a chat stays in the trash before it is purged; 0: until it is deleted.",
});
const retentionRange = { min: 1, max: limits.retentionDays };
const retentionDays = wholeNumber("retention_days", retentionRange, ", or null to turn retention off")
  .nullable()
  .meta({ description: "Chats without activity for this many days are deleted; null: never." });

const { least, most } = limits.ledgerRetentionDays;
const ledgerRetentionDays = wholeNumber(
  "ledger_retention_days",
  { min: least, max: most },
  ", or null to keep the ledger for ever",
)
  .nullable()
  .meta({
    description:
      "Lines of the ledger that are older than this, and lie in an export that was sent completely since this was set, are " +
      "pruned; null: none.",
  });

const tenantName = text("name", { min: 1, max: limits.nameLength, trim: true }).meta({
  description: "What the tenant is called.",
});

const requireSecondFactor = z.boolean("require_second_factor must be true or false").meta({
  description:
    "Whether people who sign in by a password need a second factor: until they have one, their sessions open nothing.",
});

/** What a tenant is called, and what it has decided for all of its chats. */
export const settingsSchema = z
  .object({
    name: z.string(),
    trash_retention_days: trashRetentionDays,
    retention_days: retentionDays,
    require_second_factor: requireSecondFactor,
    ledger_retention_days: ledgerRetentionDays,
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof settingsSchema>;

/** What a tenant that keeps its ledger for so many days would lose of it. */
export const ledgerPreviewSchema = z
  .object({
    dry_run: z.literal(true),
    matched: count.meta({ description: "Lines that are older." }),
    exported: count.meta({
      description:
        "Those of them that lie in an export that was sent completely. They go at once; the others once they do too.",
    }),
    as_of: timeSchema,
    complete: z.boolean().meta({
      description: "False if only the 100,000 oldest lines were counted: then there may be more.",
    }),
  })
  .meta({ id: "LedgerPreview" });
export type LedgerPreview = z.infer<typeof ledgerPreviewSchema>;

/** What is to change; the rest stays. */
export const updateSettingsSchema = strictInput(
  {
    name: tenantName.optional(),
    trash_retention_days: trashRetentionDays.optional(),
    retention_days: retentionDays.optional(),
    require_second_factor: requireSecondFactor.optional(),
    ledger_retention_days: ledgerRetentionDays.optional(),
  },
  "Send a JSON object with name, trash_retention_days, retention_days, require_second_factor or ledger_retention_days",
).meta({ id: "UpdateSettings" });
