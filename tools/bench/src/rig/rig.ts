import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadResult } from "../load/run-load.ts";
import type { ChatSet } from "../seed/lethe.ts";
import { type BenchDatabase, type Postgres, type PostgresName, startPostgres } from "./postgres.ts";

/** What all systems stand on. */
export type Rig = {
  postgres: Postgres;
  /** For everything that is to be gone afterwards. */
  folder: string;
  /** Whether Lethe is started without its pages, which then need no build. */
  apiOnly: boolean;
  /** A number that was not answered before. */
  serial: () => number;
  /** Where a program's output goes. */
  log: (name: string) => string;
  say: (what: string) => void;
  close: () => Promise<void>;
};

/** Starts the PostgreSQL of a run. */
export async function startRig({
  postgres: name,
  apiOnly,
  out,
}: {
  postgres: PostgresName;
  apiOnly: boolean;
  out: string;
}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "lethe-bench-"));
  const postgres = await startPostgres(name, folder);
  // PostgreSQL has a session of its own, which a Ctrl-C does not reach.
  const abandon = () => {
    process.kill(postgres.pid, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    process.exit(130);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, abandon);
  const begun = performance.now();
  let last = 0;
  return {
    postgres,
    folder,
    apiOnly,
    serial: () => {
      last += 1;
      return last;
    },
    log: (name) => join(out, `${name}.log`),
    say: (what) => {
      const seconds = Math.round((performance.now() - begun) / 1_000);
      process.stderr.write(`${String(seconds).padStart(5)} s  ${what}\n`);
    },
    close: async () => {
      for (const signal of signals) process.off(signal, abandon);
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const systemNames = ["lethe", "peer", "fastify", "next", "pgbench"] as const;
export type SystemName = (typeof systemNames)[number];

/** Which chats of a set are deleted, by how many callers, and for how long at most (default: until all are gone). */
export type DeleteRun = { label: string; total: number; callers: number; seconds?: number };

/** Something that deletes chats: a server, or pgbench. */
export type System = {
  name: SystemName;
  database: BenchDatabase;
  /** The process of the server; null where there is none between the caller and PostgreSQL. */
  pid: number | null;
  clear: () => Promise<unknown>;
  /** Adds chats to those that are there. */
  seed: (set: ChatSet) => Promise<void>;
  /** Deletes the chats of a set in the order of all systems. */
  drive: (run: DeleteRun) => Promise<LoadResult>;
  stop: () => Promise<void>;
};

/** A system that speaks HTTP. */
export type Server = System & {
  pid: number;
  origin: string;
  headers: Record<string, string>;
  chatPath: (id: string) => string;
};
