import type { TestProject } from "vitest/node";
import { createSeed, startTestServer } from "./start-test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the PostgreSQL that this run started; see `createTestDatabase`. */
    databaseServer: string;
    /** A data folder with a stopped database, for `startTestServer` and `copiedDataFolder`. */
    databaseSeed: string;
    /** Whether test databases have their tables partitioned by tenant; see vitest.config.ts. */
    partitioned: boolean;
  }
}

/** Starts one PostgreSQL for the whole run and returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const seed = await createSeed();
  project.provide("databaseSeed", seed.folder);
  const server = await startTestServer({ copyOf: seed.folder });
  project.provide("databaseServer", server.url);
  return async () => {
    await server.stop();
    await seed.remove();
  };
}
