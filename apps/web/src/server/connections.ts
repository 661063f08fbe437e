import type { Environment } from "@lethe/environment";
import { StartError } from "./start-error.ts";

/** What a web process keeps besides its pool: a session that listens and renews the lease. */
const besides = 1;
/** By this one a server shows that it uses the embedded database. */
const presence = 1;
/** For the background, where it has a process of its own: each of its two lanes has two at work, and purging needs two. */
const backgroundPool = 5;
/** The fewest with which a pool gets on: one that waits for a lock must not hold all up. */
const leastPool = 2;

/** What is shared out where nothing is said: for one web process, for each of several, and for all of them. */
const alone = 10;
const each = 6;
const together = 80;

/** How many connections to the database each part of a server keeps at most. */
export type Connections = {
  /** All parts together. */
  total: number;
  /** The pool of each web process. */
  webPool: number;
  /** The pool of the background, where it has a process of its own. */
  backgroundPool: number;
};

/**
 * Shares the connections of a server out among its processes, so that all together never keep more.
 *
 * @throws StartError when that is too few for each to work; its message says how many are needed
 */
export function shareConnections({
  workers,
  databaseUrl,
  databaseConnections,
}: Pick<Environment, "workers" | "databaseUrl"> &
  Partial<Pick<Environment, "databaseConnections">>): Connections {
  const fixed = (databaseUrl === undefined ? presence : 0) + (workers > 1 ? backgroundPool : 0);
  const least = fixed + workers * (besides + leastPool);
  const total = databaseConnections ?? Math.max(least, defaultFor(workers, fixed));
  if (total < least) {
    throw new StartError(
      `LETHE_DATABASE_CONNECTIONS=${total} is too few for ${workers === 1 ? "a web process" : `${workers} web processes`}: ` +
        `give at least ${least}${workers > 1 ? ", or lower LETHE_WORKERS" : ""}.`,
    );
  }
  return { total, webPool: Math.floor((total - fixed) / workers) - besides, backgroundPool };
}

const defaultFor = (workers: number, fixed: number): number =>
  workers === 1 ? alone : Math.min(together, fixed + workers * each);
