/**
 * The test files that a run starts before all others, in this order, so that nobody waits for one of them at the end: a clean
 * checkout knows of a file only how long it is to read. Most of these wait for leases, drains and processes, and stand between
 * such as work, which keep the processors busy meanwhile. Each run names its slowest ten files.
 */
export const early = [
  "apps/web/test/start-and-stop.test.ts",
  "apps/web/test/workers-end.test.ts",
  "apps/web/test/entrances.test.ts",
  "apps/web/test/many-servers.test.ts",
  "packages/api/src/parity.test.ts",
  "apps/web/test/other-servers.test.ts",
  "apps/web/test/behind-proxies.test.ts",
  "apps/web/test/live-endings.test.ts",
  "apps/web/test/kills.test.ts",
  "apps/web/test/model.test.ts",
  "apps/web/test/samples.test.ts",
  "packages/core/test/plans.test.ts",
  "apps/cli/src/commands/tenant-delete.test.ts",
  "apps/web/test/race.test.ts",
  "apps/web/test/killed-gateway.test.ts",
  "packages/core/src/background/deletion-jobs.test.ts",
  "packages/core/src/leaving/leaving.test.ts",
  "packages/core/src/trash/trash-jobs.test.ts",
  "apps/web/test/export-memory.test.ts",
  "apps/web/test/fuzz.test.ts",
  "apps/web/test/operations-page.test.ts",
  "packages/db/src/embedded/identity.test.ts",
  "apps/cli/src/commands/doctor.test.ts",
  "packages/db/src/embedded/refusal.test.ts",
  "apps/web/test/workers.test.ts",
  "packages/core/src/background/erasure-jobs.test.ts",
  "apps/web/test/rate-limit.test.ts",
  "apps/web/test/outages.test.ts",
  "packages/db/src/embedded/open-embedded.test.ts",
  "packages/db/src/embedded/crash.test.ts",
];

/** Of these what takes little when it runs by itself. */
const quick =
  /\/(?:parity|tenant-delete|race|leaving|fuzz|operations-page|doctor|workers|rate-limit|outages)\.test\.ts$/;

/** What `pnpm test --changed` leaves out. */
export const longest = early.filter((path) => !quick.test(path));
