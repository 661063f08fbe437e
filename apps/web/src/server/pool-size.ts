import { connectionsBesides } from "./boot.ts";

/**
 * Connections that all web processes together open at most, as long as each gets enough to work with: a
 * PostgreSQL as it is installed takes 100, and works best with a few for each core.
 */
const together = 80;
const most = 10;
const least = 2;

/** Connections for the queries of each of `workers` web processes. */
export function poolSizeFor(workers: number): number {
  return Math.min(most, Math.max(least, Math.floor(together / workers) - connectionsBesides));
}
