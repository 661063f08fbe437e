import { z } from "zod";
import type { Session } from "../session/session.ts";
import { DatabaseSetupError } from "../setup-error.ts";
import type { Migration } from "./read-migrations.ts";

const row = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished: z.boolean(),
});

export type MigrationState = {
  /** Not applied yet, in order. */
  pending: Migration[];
  /** Whether an earlier run was cut off or failed; its script left nothing behind. */
  interrupted: boolean;
  /** Names of migrations whose file is no longer what was applied. */
  edited: string[];
};

/**
 * Compares the migrations of this version with what `_prisma_migrations` says was applied.
 *
 * Throws DatabaseSetupError `newer_database` when it holds one that this version does not know.
 */
export const migrationState = async (client: Session, migrations: Migration[]): Promise<MigrationState> => {
  const table = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  const there = z.tuple([z.object({ there: z.boolean() })]).parse(table.rows)[0].there;
  const result = there
    ? await client.query(
        "SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL",
      )
    : { rows: [] };
  const rows = z.array(row).parse(result.rows);
  const known = new Set(migrations.map(({ name }) => name));
  const strangers = rows.filter((each) => each.finished && !known.has(each.migration_name));
  if (strangers.length > 0) {
    throw new DatabaseSetupError(
      "newer_database",
      `The database was migrated by a newer version of Lethe: this version does not know ${strangers
        .map((each) => each.migration_name)
        .join(", ")}. Run that version (or a later one); nothing was changed.`,
    );
  }
  const applied = new Map(
    rows.filter((each) => each.finished).map((each) => [each.migration_name, each.checksum]),
  );
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)),
    interrupted: rows.some((each) => !each.finished),
    edited: migrations
      .filter(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum)
      .map(({ name }) => name),
  };
};
