import { chmod, mkdtemp, readFile, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Database, inspectEmbedded, openDatabase, ping } from "@lethe/db";
import { spawnReaper } from "@lethe/db/testing";
import { type KeptServer, keepServer } from "./kept-server.ts";
import { until } from "./until.ts";

/**
 * How Lethe runs: `embedded` is one server with two web processes that brings its own PostgreSQL and looks
 * after it, as after `pnpm start`; `external` is two servers of one process each with `DATABASE_URL` over a
 * PostgreSQL that another process starts again.
 */
export type Setup = "embedded" | "external";
export type Target = "server" | "worker" | "postmaster" | "backend";

export type Arena = {
  servers: readonly KeptServer[];
  /** A client that no server knows of; its connections are lost with the database. */
  db: Database;
  /** Kills (-9) one, chosen at random. False if there was none to kill at this moment. */
  kill: (target: Target) => Promise<boolean>;
  /** Has PostgreSQL stop as `pg_ctl -m` does and start again, and waits until it takes connections. */
  restart: (mode: "fast" | "immediate") => Promise<void>;
  /** Ends a session of Lethe's, chosen at random, as an administrator does. False if there was none. */
  terminate: () => Promise<boolean>;
  close: () => Promise<void>;
};

const readyWithinMs = 180_000;

/** Servers and a database with an operator's settings (fsync on), in a folder that goes with them. */
export async function openArena(setup: Setup): Promise<Arena> {
  const home = await mkdtemp(join(tmpdir(), "lethe-kills-"));
  // Where root has to use another account, that must be able to enter.
  await chmod(home, 0o755);
  const dataDir = join(home, ".data");
  const removeAll = spawnReaper(dataDir, home);
  const closing: (() => Promise<unknown>)[] = [removeAll];
  const close = async () => {
    for (const stop of closing.splice(0).reverse()) await stop();
  };
  try {
    const environment: Record<string, string> = {
      LETHE_DEMO: "off",
      LETHE_DATA_DIR: dataDir,
      LETHE_WORKERS: setup === "embedded" ? "2" : "1",
    };
    if (setup === "external") {
      const database = await openDatabase({ dataDir });
      closing.push(() => database.close());
      environment.DATABASE_URL = database.url;
    }
    const servers = (setup === "embedded" ? [1] : [1, 2]).map(() => keepServer(environment));
    closing.push(() => Promise.all(servers.map((server) => server.close())));
    await until("all servers are ready", readyWithinMs, () => servers.every((server) => server.url()));
    const url = environment.DATABASE_URL ?? (await embeddedUrl(dataDir));
    const db = createClient({
      url,
      poolSize: 3,
      statementTimeoutMs: 120_000,
      applicationName: "lethe kills",
    });
    closing.push(() => db.$disconnect());
    return {
      servers,
      db,
      close,
      kill: (target) => kill(target, servers, db, dataDir),
      restart: (mode) => restart(mode, url, dataDir),
      terminate: () => terminate(db),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function embeddedUrl(dataDir: string): Promise<string> {
  const found = await inspectEmbedded(dataDir);
  if (found.state !== "running") throw new Error(`The embedded database is ${found.state}`);
  const password = (await readFile(join(dataDir, "postgres.password"), "utf8")).trim();
  return `postgresql://lethe:${password}@127.0.0.1:${found.port}/postgres`;
}

async function kill(target: Target, servers: readonly KeptServer[], db: Database, dataDir: string) {
  if (target === "server") {
    const alive = servers.filter((server) => server.url() !== undefined);
    const pool = alive.length > 0 ? alive : servers;
    await pool[Math.floor(Math.random() * pool.length)]?.kill();
    return true;
  }
  if (target === "worker") return servers.some((server) => server.killWorker());
  const pid = target === "postmaster" ? await postmaster(dataDir) : await backend(db).catch(() => undefined);
  if (pid === undefined) return false;
  // The process id may be somebody else's by now.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  if (folder !== join(dataDir, "postgres")) return false;
  process.kill(pid, "SIGKILL");
  return true;
}

/** What `pg_ctl stop -m` sends (postgres(1)); whoever keeps the database starts it again. */
const stopSignals = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

async function restart(mode: keyof typeof stopSignals, url: string, dataDir: string): Promise<void> {
  let before: number | undefined;
  await until("PostgreSQL runs", readyWithinMs, async () => {
    before = await postmaster(dataDir);
    return before !== undefined;
  });
  if (before === undefined) return;
  process.kill(before, stopSignals[mode]);
  await until("PostgreSQL was started again", readyWithinMs, async () => {
    const now = await postmaster(dataDir);
    return now !== undefined && now !== before && (await ping({ url }).catch(() => null)) !== null;
  });
}

async function terminate(db: Database): Promise<boolean> {
  const ended = await db.$queryRaw<{ ended: boolean }[]>`
    SELECT pg_terminate_backend(pid) AS ended FROM (
      SELECT pid FROM pg_stat_activity
      WHERE application_name LIKE 'lethe%' AND application_name <> 'lethe kills'
      ORDER BY state = 'active' AND ${Math.random()}::float8 < 0.67 DESC NULLS LAST, random()
      LIMIT 1
    ) AS victim`;
  return ended[0]?.ended ?? false;
}

async function postmaster(dataDir: string): Promise<number | undefined> {
  const found = await inspectEmbedded(dataDir);
  return found.state === "running" ? found.pid : undefined;
}

/** One that works if there is any, in two of three cases; else any, PostgreSQL's own helpers included. */
async function backend(db: Database): Promise<number | undefined> {
  const rows = await db.$queryRaw<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity
    WHERE application_name <> 'lethe kills'
    ORDER BY state = 'active' AND ${Math.random()}::float8 < 0.67 DESC NULLS LAST, random()
    LIMIT 1`;
  return rows[0]?.pid;
}
