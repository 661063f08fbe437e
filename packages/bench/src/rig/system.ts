import type { LoadResult } from "../load/job.ts";
import type { ChatSet } from "../seed/lifelike.ts";
import type { BenchDatabase } from "./database.ts";

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
