/**
 * The test files that a run starts before all others, in this order, so that nobody waits for one of them at the end: a clean
 * checkout knows of a file only how long it is to read. Most of these wait for leases, drains and processes, and stand between
 * such as work, which keep the processors busy meanwhile. Each run names its slowest ten files.
 *
 * What is `short` takes little when it runs by itself.
 */
const files = {
  "apps/web/test/start-and-stop.test.ts": "long",
  "apps/web/test/workers-end.test.ts": "long",
  "apps/web/test/entrances.test.ts": "long",
  "apps/web/test/many-servers.test.ts": "long",
  "packages/api/src/parity.test.ts": "short",
  "apps/web/test/other-servers.test.ts": "long",
  "apps/web/test/behind-proxies.test.ts": "long",
  "apps/web/test/live-endings.test.ts": "long",
  "apps/web/test/kills.test.ts": "long",
  "apps/web/test/model.test.ts": "long",
  "apps/web/test/samples.test.ts": "long",
  "packages/core/test/plans.test.ts": "long",
  "apps/cli/src/commands/tenant-delete.test.ts": "short",
  "apps/web/test/race.test.ts": "short",
  "apps/web/test/killed-gateway.test.ts": "long",
  "packages/core/src/background/deletion-jobs.test.ts": "long",
  "packages/core/src/leaving/leaving.test.ts": "short",
  "packages/core/src/trash/trash-jobs.test.ts": "long",
  "apps/web/test/export-memory.test.ts": "long",
  "apps/web/test/fuzz.test.ts": "short",
  "apps/web/test/operations-page.test.ts": "short",
  "packages/db/src/embedded/identity.test.ts": "long",
  "apps/cli/src/commands/doctor.test.ts": "short",
  "packages/db/src/embedded/refusal.test.ts": "long",
  "apps/web/test/workers.test.ts": "short",
  "packages/core/src/background/erasure-jobs.test.ts": "long",
  "apps/web/test/rate-limit.test.ts": "short",
  "apps/web/test/outages.test.ts": "short",
  "packages/db/src/embedded/open-embedded.test.ts": "long",
  "packages/db/src/embedded/crash.test.ts": "long",
};

/** What a run starts first, in this order. */
export const early = Object.keys(files);

/** What `pnpm test --changed` leaves out. */
export const longest = Object.entries(files).flatMap(([path, kind]) => (kind === "long" ? [path] : []));
