import type { TestProject } from "vitest/node";
import { startTestServer } from "./start-test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the PostgreSQL that this run started; see `createTestDatabase`. */
    databaseServer: string;
  }
}

/** Starts one PostgreSQL for the whole run and returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide("databaseServer", server.url);
  return server.stop;
}
