import type { Credentials } from "../seed/credentials.ts";
import type { ChatSet } from "../seed/lifelike.ts";
import type { BenchDatabase } from "./database.ts";
import { driveHttp } from "./drive-http.ts";
import { type ProgramOptions, startProgram } from "./program.ts";
import type { Rig } from "./rig.ts";
import type { Server, SystemName } from "./system.ts";

type Rival = Pick<ProgramOptions, "args" | "cwd"> & {
  name: SystemName;
  env: Record<string, string>;
  credentials: Credentials;
  /** Where its chats are. */
  chatsPath: string;
  tables: Tables;
};

/** How the tables of a rival are made, emptied and filled. */
export type Tables = {
  create: (database: BenchDatabase, credentials: Credentials) => Promise<void>;
  clear: (database: BenchDatabase) => Promise<unknown>;
  seed: (database: BenchDatabase, credentials: Credentials, set: ChatSet) => Promise<void>;
};

/** Starts a server that is compared with Lethe, on a database of its own. */
export async function startRival(
  rig: Rig,
  { name, args, cwd, env, credentials, chatsPath, tables }: Rival,
): Promise<Server> {
  const database = await rig.postgres.create(`${name}_${rig.serial()}`);
  await tables.create(database, credentials);
  const program = await startProgram({
    args,
    cwd,
    env: { DATABASE_URL: database.url, NODE_ENV: "production", ...env },
    ready: { path: "/", ok: false },
    log: rig.log(name),
  });
  const target = {
    origin: program.origin,
    headers: { "x-api-key": credentials.apiKey },
    chatPath: (id: string) => `${chatsPath}/${id}`,
  };
  return {
    name,
    database,
    pid: program.pid,
    ...target,
    clear: () => tables.clear(database),
    seed: (set) => tables.seed(database, credentials, set),
    drive: (run) => driveHttp(target, run),
    stop: program.stop,
  };
}
