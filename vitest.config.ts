import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Every folder is a project, so that no package's tests can be forgotten. */
const projectsIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => ({
    extends: false as const,
    test: {
      name,
      root: `./${folder}/${name}`,
      include: ["{src,test}/**/*.test.{ts,tsx}"],
      pool: "forks" as const,
      // Many tests wait, for leases, retries and processes: two cores carry two files well.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      // Loading the product again for each file took a third of the time. No test changes a module of it.
      isolate: false,
      // No test is a clock: this ends one that hangs, on a busy machine too.
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }));

export default defineConfig({
  test: {
    // One PostgreSQL serves the whole run; each test takes a database of its own from it.
    globalSetup: "./packages/db/src/testing/global-setup.ts",
    projects: [...projectsIn("packages"), ...projectsIn("apps")],
  },
});
