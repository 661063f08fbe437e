/**
 * The test files that take longest, those of a package together: a run starts them before all others, and
 * `pnpm test --changed` leaves them out. Each run names its slowest ten files.
 */
export const longest = [
  "apps/web/test/start-and-stop.test.ts",
  "apps/web/test/workers-end.test.ts",
  "apps/web/test/behind-proxies.test.ts",
  "apps/web/test/many-servers.test.ts",
  "apps/web/test/export-memory.test.ts",
  "apps/web/test/entrances.test.ts",
  "apps/web/test/live-endings.test.ts",
  "apps/web/test/kills.test.ts",
  "apps/web/test/model.test.ts",
  "apps/web/test/other-servers.test.ts",
  "apps/web/test/killed-gateway.test.ts",
  "apps/web/test/samples.test.ts",
  "packages/core/test/plans.test.ts",
  "packages/core/src/trash/trash-jobs.test.ts",
  "packages/core/src/background/erasure-jobs.test.ts",
  "packages/core/src/background/deletion-jobs.test.ts",
  "packages/db/src/embedded/refusal.test.ts",
  "packages/db/src/embedded/crash.test.ts",
  "packages/db/src/embedded/open-embedded.test.ts",
  "packages/db/src/embedded/identity.test.ts",
];
