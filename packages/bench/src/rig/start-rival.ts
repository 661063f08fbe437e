import type { Credentials } from "../seed/credentials.ts";
import { clearNatural, createNaturalSchema, seedNatural } from "../seed/natural.ts";
import { driveHttp } from "./drive-http.ts";
import { type ProgramOptions, startProgram } from "./program.ts";
import type { Rig } from "./rig.ts";
import type { Server, SystemName } from "./system.ts";

type Rival = Pick<ProgramOptions, "args" | "cwd"> & {
  name: SystemName;
  env: Record<string, string>;
  credentials: Credentials;
};

/** Starts a server that is compared with Lethe, on a database of its own with the natural schema. */
export async function startRival(rig: Rig, { name, args, cwd, env, credentials }: Rival): Promise<Server> {
  const database = await rig.postgres.create(`${name}_${rig.serial()}`);
  await createNaturalSchema(database, credentials);
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
    chatPath: (id: string) => `/api/chats/${id}`,
  };
  return {
    name,
    database,
    pid: program.pid,
    ...target,
    clear: () => clearNatural(database),
    seed: (set) => seedNatural(database, credentials, set),
    drive: (run) => driveHttp(target, run),
    stop: program.stop,
  };
}
