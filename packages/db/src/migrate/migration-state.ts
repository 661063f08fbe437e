import { z } from "zod";
import { DatabaseSetupError } from "../connection-error.ts";
import type { Session } from "../session/session.ts";
import type { Migration, Migrations } from "./read-migrations.ts";

const row = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished: z.boolean(),
});

/** A migration, and what is to be run to have it applied. */
export type MigrationStep = Migration & { script: string };

export type MigrationState = {
  /** Not applied yet, in order. */
  pending: MigrationStep[];
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
export const migrationState = async (client: Session, migrations: Migrations): Promise<MigrationState> => {
  const table = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
  const there = z.tuple([z.object({ there: z.boolean() })]).parse(table.rows)[0].there;
  const result = there
    ? await client.query(
        "SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL",
      )
    : { rows: [] };
  const rows = z.array(row).parse(result.rows);
  const all = [...migrations.former, ...migrations.current];
  const known = new Set(all.map(({ name }) => name));
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
    pending: stepsTo(migrations, new Set(applied.keys())),
    interrupted: rows.some((each) => !each.finished),
    edited: all
      .filter(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum)
      .map(({ name }) => name),
  };
};

/**
 * What is to be run where some migrations are applied. The functions come before each script, since triggers need them;
 * what they speak of may be made after them. Former scripts make functions of their own.
 */
export const stepsTo = (
  { former, current, functions }: Migrations,
  applied: ReadonlySet<string>,
): MigrationStep[] => {
  const [baseline] = current;
  const hasFormer = former.some(({ name }) => applied.has(name));
  const pending = [...(hasFormer ? former : []), ...current].filter(({ name }) => !applied.has(name));
  const setFunctions = `SELECT set_config('check_function_bodies', 'off', true);\n${functions}\n`;
  return pending.map((migration) => {
    const setsFunctions = !former.includes(migration);
    // The former migrations have made what the baseline makes.
    const sql = migration === baseline && hasFormer ? "" : migration.sql;
    return { ...migration, script: (setsFunctions ? setFunctions : "") + sql };
  });
};
