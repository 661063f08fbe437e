/** Cores for each web process: one for itself, the rest for PostgreSQL, which works more for a request. */
const coresPerWorker = 4;
const most = 16;

/** How many web processes serve best on a machine with this many cores, the database on it included. */
export function defaultWorkers(cores: number): number {
  return Math.min(most, Math.max(1, Math.floor(cores / coresPerWorker)));
}
