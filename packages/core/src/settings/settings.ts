import { z } from "zod";
import type { Context } from "../context.ts";
import { type DeletionPreview, previewDeletion } from "../deletion-jobs/preview-deletion.ts";
import { wakeBackground } from "../wake-background.ts";

/** What a tenant decides for all of its chats, and what it is called. */
const settingsSchema = z.object({
  name: z.string(),
  /** Days that a chat stays in the trash before it is purged; 0: until somebody deletes it. */
  trashRetentionDays: z.int(),
  /** Chats without activity for this many days are deleted; null: never. */
  retentionDays: z.int().nullable(),
  /** Whether people need a second factor to come in. */
  requireSecondFactor: z.boolean(),
  /** Lines of the ledger that are older and were exported are pruned; null: they are kept for ever. */
  ledgerRetentionDays: z.int().nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What the tenant has decided for all of its chats. */
export function getSettings({ tenantId, db }: Context): Promise<Settings> {
  return db.tenant.findFirstOrThrow({
    where: { tenantId },
    select: {
      name: true,
      trashRetentionDays: true,
      retentionDays: true,
      requireSecondFactor: true,
      ledgerRetentionDays: true,
    },
  });
}

export type UpdateSettings = {
  name?: string | undefined;
  trashRetentionDays?: number | undefined;
  /** null turns retention off. */
  retentionDays?: number | null | undefined;
  /** What people who lack one have open ends within two seconds; they come in again once they have it. */
  requireSecondFactor?: boolean | undefined;
  /** null keeps the ledger for ever. */
  ledgerRetentionDays?: number | null | undefined;
};

/**
 * Changes what is named and answers all settings. Other days of the trash hold for what lies in it too: no chat
 * is purged earlier than the new days say from the moment of the answer on, and within seconds each shows its
 * new `purgeAt`.
 */
export async function updateSettings(
  { tenantId, db }: Context,
  { name, trashRetentionDays, retentionDays, requireSecondFactor, ledgerRetentionDays }: UpdateSettings,
): Promise<Settings> {
  // Each change has a time of its own, so that the job that applies one notices the next.
  const rows = await db.$queryRaw`
    UPDATE tenant
    SET
      name = coalesce(${name ?? null}, name),
      require_second_factor = coalesce(${requireSecondFactor ?? null}::boolean, require_second_factor),
      purge_stale_since = CASE
        WHEN ${trashRetentionDays ?? null}::integer <> trash_retention_days
          THEN greatest(clock_timestamp(), purge_stale_since + interval '1 millisecond')
        ELSE purge_stale_since
      END,
      trash_retention_days = coalesce(${trashRetentionDays ?? null}::integer, trash_retention_days),
      retention_days = CASE
        WHEN ${retentionDays === undefined}::boolean THEN retention_days
        ELSE ${retentionDays ?? null}::integer
      END,
      ledger_retention_days = CASE
        WHEN ${ledgerRetentionDays === undefined}::boolean THEN ledger_retention_days
        ELSE ${ledgerRetentionDays ?? null}::integer
      END
    WHERE tenant_id = ${tenantId}::uuid
    RETURNING name, trash_retention_days AS "trashRetentionDays", retention_days AS "retentionDays",
      require_second_factor AS "requireSecondFactor",

      ledger_retention_days AS "ledgerRetentionDays"`;
  if (trashRetentionDays !== undefined) wakeBackground(db, "trash_settings", [tenantId]);
  return z.tuple([settingsSchema]).parse(rows)[0];
}

/**
 * Tells what would be purged at once if the trash kept chats for so many days, and changes nothing. It judges as the purge
 * does; 0 keeps everything.
 */
export function previewTrashRetention(
  ctx: Context,
  { trashRetentionDays }: { trashRetentionDays: number },
): Promise<DeletionPreview> {
  return previewDeletion(ctx, { filter: { state: "trashed", trashRetentionDays } });
}
