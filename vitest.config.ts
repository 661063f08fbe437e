import { defineConfig } from "vitest/config";

const project = (folder: string, name: string) => ({
  extends: false as const,
  test: {
    name,
    root: `./${folder}/${name}`,
    include: ["{src,test}/**/*.test.{ts,tsx}"],
    pool: "forks" as const,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    // One PostgreSQL serves the whole run; each test takes a database of its own from it.
    globalSetup: "./packages/db/src/testing/global-setup.ts",
    passWithNoTests: false,
    projects: [
      project("packages", "api"),
      project("packages", "client"),
      project("packages", "core"),
      project("packages", "db"),
      project("packages", "environment"),
      project("apps", "cli"),
      project("apps", "web"),
    ],
  },
});
