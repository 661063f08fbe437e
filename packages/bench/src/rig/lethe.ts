import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "@lethe/db";
import { z } from "zod";
import { type Credentials, clearLethe, createLetheTenant, seedLethe } from "../seed/lethe.ts";
import type { BenchDatabase } from "./postgres.ts";
import { repository, startProgram } from "./program.ts";
import type { Rig, Server } from "./rig.ts";
import { driveHttp } from "./start-rival.ts";

/** What `pnpm start` tells Node. */
const nodeOptions = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")))
  .scripts.start.split(" ")
  .filter((word) => word.startsWith("--"));

/** Starts Lethe as an operator does, on a database of its own with one tenant, or on that of another. */
export async function startLethe(rig: Rig, credentials: Credentials, other?: Server): Promise<Server> {
  const database = other?.database ?? (await createLetheDatabase(rig, credentials));
  const program = await startProgram({
    args: () => [...nodeOptions, "apps/web/server.ts", ...(rig.apiOnly ? ["--api-only"] : [])],
    cwd: repository,
    env: {
      DATABASE_URL: database.url,
      LETHE_DEMO: "off",
      LETHE_DATA_DIR: join(rig.folder, "lethe"),
      LETHE_RATE_LIMIT: "0",
      LETHE_MAX_WRONG_KEYS: "0",
      LETHE_MAX_SOCKETS: "20000",
      LETHE_DRAIN_SECONDS: "0",
      LETHE_WEBHOOK_PRIVATE: "on",
    },
    ready: { path: "/readyz", ok: true },
    log: rig.log("lethe"),
  });
  const target = {
    origin: program.origin,
    headers: { "x-api-key": credentials.apiKey },
    chatPath: (id: string) => `/api/v1/chats/${id}`,
  };
  return {
    name: "lethe",
    database,
    pid: program.pid,
    ...target,
    clear: () => clearLethe(database),
    seed: (set) => seedLethe(database, credentials, set),
    drive: (run) => driveHttp(target, run),
    stop: program.stop,
  };
}

async function createLetheDatabase(rig: Rig, credentials: Credentials): Promise<BenchDatabase> {
  const database = await rig.postgres.create(`lethe_${rig.serial()}`);
  await migrate({ url: database.url });
  await createLetheTenant(database, credentials);
  return database;
}
