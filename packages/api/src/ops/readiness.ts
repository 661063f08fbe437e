import { setTimeout as sleep } from "node:timers/promises";
import { type Context, type EventFeed, isWriteRefused } from "@lethe/core";
import type { Logger } from "pino";
import { Gauge } from "prom-client";
import type { Lease } from "../live/keep-lease.ts";
import type { Metrics } from "./metrics.ts";

/**
 * What a process needs to do its job: a database that answers and takes writes, a lease without which it may
 * open no socket, the outbox, without which nobody is told anything, and the background, without which what was
 * accepted is not done.
 */
const needs = ["database", "database_writes", "lease", "events", "jobs"] as const;

export type Need = (typeof needs)[number];

export type Readiness = {
  /** What is missing; nothing: the process can do its job. Never rejects, and takes a second and a half at most. */
  missing: () => Promise<Need[]>;
  /** Tells of what a request has failed with. After a refused write the next look tries one. */
  note: (error: unknown) => void;
};

type Means = {
  db: Context["db"];
  lease: Lease;
  feed: EventFeed;
  /** Whether it can be looked for what is to be done, by whoever does the background work for this process. */
  areJobsTaken: () => boolean;
  metrics: Metrics;
  log: Logger;
};

/** How long the database may take; milliseconds. */
const timeoutMs = 1_500;

/**
 * Says whether this process can do its job. However many ask, it costs one small query at a time: leases are renewed
 * and the outbox is read anyway, and a write is tried only while one is known to have failed.
 */
export function createReadiness({ db, lease, feed, areJobsTaken, metrics, log }: Means): Readiness {
  let suspect = false;
  let looking: Promise<Need[]> | undefined;
  let known: Need[] = [];

  /** A full disk takes changes of rows for which there is room, such as a lease's. This needs new room. */
  const tryWrite = () =>
    db.$executeRaw`CREATE TEMPORARY TABLE lethe_room ON COMMIT DROP AS SELECT repeat('x', 1000) AS filler`;

  async function askDatabase(): Promise<Need[]> {
    try {
      const [row] = await db.$queryRaw<{ refused: boolean; absent: boolean }[]>`
        SELECT current_setting('transaction_read_only')::boolean AS refused, to_regclass('chat') IS NULL AS absent`;
      if (row?.absent)
        throw new Error("The tables are not to be found: see search_path, and whether they are there");
      if (row?.refused) return ["database_writes"];
    } catch (err) {
      log.warn({ err }, "the database does not answer as it has to");
      return ["database"];
    }
    if (!suspect) return [];
    try {
      await tryWrite();
      suspect = false;
      return [];
    } catch (err) {
      log.warn({ err }, "the database takes no writes");
      return ["database_writes"];
    }
  }

  async function look(): Promise<Need[]> {
    const inTime = new AbortController();
    const late = sleep(timeoutMs, ["database"] satisfies Need[], { signal: inTime.signal }).catch(() => []);
    const ofDatabase = await Promise.race([askDatabase(), late]);
    inTime.abort();
    const missing: Need[] = [
      ...ofDatabase,
      ...(lease.isWell() ? [] : (["lease"] as const)),
      ...(feed.isReading() ? [] : (["events"] as const)),
      ...(areJobsTaken() ? [] : (["jobs"] as const)),
    ];
    if (missing.join() !== known.join())
      log[missing.length > 0 ? "error" : "info"]({ missing }, "what this process needs has changed");
    known = missing;
    return missing;
  }

  function missing() {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  new Gauge({
    name: "lethe_missing_needs",
    help: "Processes that cannot do their job now, by what they lack",
    labelNames: ["need"],
    registers: [metrics.registry],
    async collect() {
      const lacking = await missing();
      for (const need of needs) this.set({ need }, lacking.includes(need) ? 1 : 0);
    },
  });

  return {
    missing,
    note: (error) => {
      if (isWriteRefused(error)) suspect = true;
    },
  };
}
