import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "@lethe/db";
import { type BenchDatabase, connectDatabase } from "./database.ts";

/** The one PostgreSQL that serves every system. */
export type Postgres = {
  /** Its postmaster. */
  pid: number;
  version: string;
  /** Creates a database and connects to it. */
  create: (name: string) => Promise<BenchDatabase>;
  close: () => Promise<void>;
};

/** Starts Lethe's embedded PostgreSQL, fully durable, in a folder of its own. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const dataDir = join(folder, "postgres");
  const server = await openDatabase({ dataDir });
  const admin = await connectDatabase(server.url);
  const [settings] = await admin.run(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('server_version') AS version",
  );
  if (settings?.fsync !== "on" || settings.commit !== "on") throw new Error("PostgreSQL is not durable");
  const pid = Number((await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
  const created: BenchDatabase[] = [admin];
  return {
    pid,
    version: String(settings.version),
    create: async (name) => {
      await admin.run(`CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const database = await connectDatabase(url.href);
      created.push(database);
      return database;
    },
    close: async () => {
      for (const database of created) await database.close();
      await server.close();
    },
  };
}
