import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { migrate } from "@lethe/db";
import { z } from "zod";
import { type LoadResult, runLoad } from "../load/run-load.ts";
import {
  type ChatSet,
  type Credentials,
  clearLethe,
  createLetheTenant,
  deletionOrder,
  seedLethe,
} from "../seed/lethe.ts";
import { naturalTables, peerTables } from "../seed/rivals.ts";
import type { BenchDatabase } from "./postgres.ts";
import { type ProgramOptions, packageFolder, repository, runCommand, startProgram } from "./program.ts";
import type { DeleteRun, Rig, Server, SystemName } from "./rig.ts";

/** The words of `pnpm start`. */
const start = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")))
  .scripts.start.split(" ");
/** What it tells Node, and what it puts into the environment. */
const nodeOptions = start.filter((word) => word.startsWith("--"));
const startEnvironment = Object.fromEntries(
  start
    .filter((word) => /^[A-Z_]+=/.test(word))
    .map((word) => word.split("="))
    .map(([name = "", value = ""]) => [name, value]),
);

/** Starts Lethe as an operator does, on a database of its own with one tenant, or on that of another. */
export async function startLethe(rig: Rig, credentials: Credentials, other?: Server): Promise<Server> {
  const database = other?.database ?? (await createLetheDatabase(rig, credentials));
  const program = await startProgram({
    args: () => [...nodeOptions, "apps/web/server.ts", ...(rig.apiOnly ? ["--api-only"] : [])],
    cwd: repository,
    env: {
      ...startEnvironment,
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

type Rival = Pick<ProgramOptions, "args" | "cwd"> & {
  name: SystemName;
  env: Record<string, string>;
  credentials: Credentials;
  /** Where its chats are. */
  chatsPath: string;
  tables: Tables;
};

/** How the tables of a rival are made, emptied and filled. */
type Tables = {
  create: (database: BenchDatabase, credentials: Credentials) => Promise<void>;
  clear: (database: BenchDatabase) => Promise<unknown>;
  seed: (database: BenchDatabase, credentials: Credentials, set: ChatSet) => Promise<void>;
};

/** Starts a server that is compared with Lethe, on a database of its own. */
async function startRival(
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

/** The servers on Fastify and `pg`: `peer` keeps Lethe's promises, `fastify` what one thinks of first. */
export type HandWritten = "peer" | "fastify";

const chatsPath = { peer: "/api/v1/chats", fastify: "/api/chats" };
const tables = { peer: peerTables, fastify: naturalTables };

/** Starts a hand-written server with a pool of so many connections. */
export function startHandWritten(
  rig: Rig,
  name: HandWritten,
  credentials: Credentials,
  poolSize: number,
): Promise<Server> {
  return startRival(rig, {
    name,
    args: () => [`rivals/${name}/server.ts`],
    cwd: packageFolder,
    env: { POOL_SIZE: `${poolSize}` },
    credentials,
    chatsPath: chatsPath[name],
    tables: tables[name],
  });
}

const app = join(packageFolder, "rivals/next");
const program = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** Builds the plain Next app for production. */
export const buildNext = (): Promise<string> =>
  runCommand(process.execPath, [program, "build", app], { env: { NEXT_TELEMETRY_DISABLED: "1" } });

/** Starts the plain Next app from its build. */
export function startNext(rig: Rig, credentials: Credentials): Promise<Server> {
  return startRival(rig, {
    name: "next",
    args: (port) => [program, "start", app, "--hostname", "127.0.0.1", "--port", `${port}`],
    cwd: app,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    credentials,
    chatsPath: "/api/chats",
    tables: naturalTables,
  });
}

type Target = Pick<Server, "origin" | "headers" | "chatPath">;

/** Deletes the chats of a set over HTTP. */
function driveHttp(
  target: Target,
  { label, total, callers, seconds = Number.POSITIVE_INFINITY }: DeleteRun,
): Promise<LoadResult> {
  return runLoad({
    origin: target.origin,
    headers: target.headers,
    callers,
    seconds,
    method: "DELETE",
    paths: deletionOrder(label, total).map(target.chatPath),
    cycle: false,
    followPages: false,
  });
}
