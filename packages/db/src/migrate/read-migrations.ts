import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Migration = {
  /** The folder's name: a timestamp and a word; the names sort in the order of application. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as `_prisma_migrations.checksum` has it. */
  checksum: string;
};

export const migrationsFolder = fileURLToPath(new URL("../../../../prisma/migrations", import.meta.url));

/** The migrations that this version of Lethe brings, in order. */
export const readMigrations = async (): Promise<Migration[]> => {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(migrationsFolder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
};
