import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProvidedContext } from "vitest";
import { errorCode } from "../connection-error.ts";
import { createClient, type Database } from "../create-client.ts";
import { turnOffPruning } from "../partition/turn-off-pruning.ts";
// The type of what `inject` answers is declared there.
import type {} from "./global-setup.ts";
import { partitionedTemplate } from "./partitioned-template.ts";
import { databaseUrl, TEMPLATE, TIMEOUT_MS, withPatience } from "./start-test-server.ts";

export type TestDatabase = {
  url: string;
  db: Database;
  /** Disconnects `db`, whoever else is connected, and removes the database. */
  drop(): Promise<void>;
};

const ATTEMPTS = 50;
const TEMPLATE_IN_USE = "55006";

/**
 * A migrated, empty database of its own, in some 50 ms. Under Vitest the server is that of the global
 * set-up, and in the project `partitioned` so are the tables; elsewhere pass the `url` of a `startTestServer`. Its files can be put into a tablespace, and its
 * client can be as impatient as a server's is.
 */
export const createTestDatabase = async (
  serverUrl?: string,
  {
    tablespace = "pg_default",
    connectTimeoutMs = TIMEOUT_MS,
    partitioned,
  }: { tablespace?: string | undefined; connectTimeoutMs?: number; partitioned?: boolean } = {},
): Promise<TestDatabase> => {
  const admin = serverUrl ?? (await injected("databaseServer"));
  const inParts = partitioned ?? (serverUrl === undefined && (await injected("partitioned")));
  const template = inParts ? await partitionedTemplate(admin) : TEMPLATE;
  const name = `lethe_test_${randomBytes(8).toString("hex")}`;
  const run = (sql: string) => withPatience(admin, (client) => client.query(sql));
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Copied file by file, it takes half the processor's time of a copy through the log.
      await run(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY TABLESPACE ${tablespace}`);
      break;
    } catch (error) {
      if (errorCode(error) !== TEMPLATE_IN_USE || attempt === ATTEMPTS) throw error;
      await sleep(100);
    }
  }
  const url = databaseUrl(admin, name);
  // A copy has what is in its template, and not what was set for that.
  if (inParts) await withPatience(url, turnOffPruning);
  const db = createClient({
    url,
    applicationName: "lethe test",
    statementTimeoutMs: TIMEOUT_MS,
    connectTimeoutMs,
  });
  return {
    url,
    db,
    drop: async () => {
      await db.$disconnect();
      await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
};

const injected = async <Key extends keyof ProvidedContext>(key: Key): Promise<ProvidedContext[Key]> => {
  // Vitest can be imported only where it runs tests; Playwright uses this module too.
  const { inject } = await import("vitest");
  return inject(key);
};
