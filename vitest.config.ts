import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { early } from "./.ci/longest.ts";
import { partitioned } from "./.ci/partitioned.ts";
import { keepFilesInMemory } from "./.ci/temporary-folder.ts";

keepFilesInMemory();

/** The cache that `pnpm lethe` and the server use too. */
const compileCache = fileURLToPath(new URL("node_modules/.cache/lethe", import.meta.url));

/** What starts last must not be what everybody waits for, and a clean checkout remembers no durations. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const place = ({ moduleId }: TestSpecification) => {
      const found = early.findIndex((path) => moduleId.endsWith(`/${path}`));
      return found === -1 ? early.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    // One PostgreSQL serves the whole run; each test takes a database of its own from it.
    globalSetup: "./packages/db/src/testing/global-setup.ts",
    sequence: { sequencer: LongestFirst },
    // Tests reach these as a process or as SQL, by no import: with `--changed` they count for all tests of a package.
    forceRerunTriggers: [
      ...configDefaults.forceRerunTriggers,
      "**/prisma/**",
      "**/apps/cli/src/**",
      "**/apps/web/src/server/**",
    ],
    projects: [
      // One project for all packages: a worker goes on to the next file with what it has loaded.
      {
        extends: true,
        test: {
          name: "whole",
          include: ["{packages,apps,tools}/*/{src,test}/**/*.test.{ts,tsx}"],
          provide: { partitioned: false },
        },
      },
      // The core once more, on tables that are partitioned by tenant.
      { extends: true, test: { name: "partitioned", include: partitioned, provide: { partitioned: true } } },
    ],
    pool: "forks",
    // Many tests wait, for leases, retries and processes: two cores carry four files well.
    maxWorkers: Math.max(4, availableParallelism()),
    // Loading the product again for each file took a third of the time. No test changes a module of it.
    isolate: false,
    // What workers load, and the processes that tests start, is compiled once.
    env: { NODE_COMPILE_CACHE: compileCache },
    // No test is a clock: these end one that hangs, on a busy machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
    // A message of a failure says what was found, however long it is, and not "[ Array(1) ]".
    chaiConfig: { truncateThreshold: 0 },
  },
});
