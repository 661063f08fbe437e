import { Prisma } from "@lethe/db";
import { z } from "zod";

/** What a tenant decides for all of its chats. */
export type Settings = {
  /** Days that a chat stays in the trash before it is purged; 0: until somebody deletes it. */
  trashRetentionDays: number;
  /** Chats without activity for this many days are deleted; null: never. */
  retentionDays: number | null;
};

/** The columns of `settingsRows`, of a row that is called `tenant`. */
export const settingsColumns = Prisma.sql`tenant.trash_retention_days, tenant.retention_days`;

/** The one row of a statement over `settingsColumns`. */
export const settingsRows = z.tuple([
  z.object({ trash_retention_days: z.int(), retention_days: z.int().nullable() }).transform(
    (row): Settings => ({
      trashRetentionDays: row.trash_retention_days,
      retentionDays: row.retention_days,
    }),
  ),
]);
