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

/** What this version knows of the database. */
export type Migrations = {
  /** The baseline, which makes all tables, and what came after it. */
  current: [Migration, ...Migration[]];
  /** What databases were made by before there was the baseline. Together they come to the same. */
  former: Migration[];
  /** All functions in their one current text, set whenever something is applied: `CREATE OR REPLACE` only. */
  functions: string;
};

const prismaFolder = fileURLToPath(new URL("../../../../prisma", import.meta.url));

export const migrationsFolder = join(prismaFolder, "migrations");

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export const readMigrations = async (): Promise<Migrations> => {
  const [current, former, functions] = await Promise.all([
    readFolder(migrationsFolder),
    readFolder(join(prismaFolder, "former-migrations")),
    readFunctions(),
  ]);
  const [baseline, ...rest] = current;
  if (baseline === undefined) throw new Error(`${migrationsFolder} is empty`);
  return { current: [baseline, ...rest], former, functions };
};

const readFolder = async (folder: string): Promise<Migration[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: sha256(sql) };
    }),
  );
};

const readFunctions = async (): Promise<string> => {
  const folder = join(prismaFolder, "functions");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("\n");
};

/**
 * The line in a migration that says which functions it sets. They are set only beside a migration, so the newest has
 * to have the line of the functions as they are: whoever changes one writes a migration, if only of this line.
 */
export const functionsLine = (functions: string): string => `-- functions: ${sha256(functions)}`;
