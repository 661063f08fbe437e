import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { openEmbedded } from "../embedded/open-embedded.ts";
import { functionsLine, migrationsFolder, readMigrations } from "./read-migrations.ts";
import { schemaDiff, schemaFile } from "./schema-diff.ts";

/** The schema as it was committed last, or undefined if it never was. */
const committedSchema = async (): Promise<string | undefined> => {
  const git = promisify(execFile);
  const { stdout } = await git("git", ["show", "HEAD:./schema.prisma"], {
    cwd: dirname(schemaFile),
  }).catch(() => ({ stdout: undefined }));
  return stdout;
};

const { positionals } = parseArgs({ allowPositionals: true });
const [name = ""] = positionals;
if (!/^[a-z][a-z0-9_]{0,60}$/.test(name)) {
  console.error("Usage: pnpm --filter @lethe/db migration:new NAME, such as add_chat_labels");
  process.exit(2);
}

const dataDir = await mkdtemp(join(tmpdir(), "lethe-migration-"));
const scratch = await openEmbedded({ dataDir, settings: { fsync: "off" } });
const sql = await schemaDiff({ url: scratch.url, from: await committedSchema() }).finally(async () => {
  await scratch.close();
  await rm(dataDir, { recursive: true, force: true });
});
const { current, functions } = await readMigrations();
const setsFunctions = functionsLine(functions);
if (!/^[A-Z]/m.test(sql) && current.at(-1)?.sql.includes(setsFunctions)) {
  console.error(
    "prisma/schema.prisma says what the last commit says, and prisma/functions what the last migration says: " +
      "there is nothing to migrate.",
  );
  process.exit(1);
}
// biome-ignore lint/plugin: It names a folder, on the machine of whoever writes a migration.
const timestamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
const folder = join(migrationsFolder, `${timestamp}_${name}`);
await mkdir(folder);
await writeFile(join(folder, "migration.sql"), `${setsFunctions}\n\n${sql}`);
console.log(join(folder, "migration.sql"));
