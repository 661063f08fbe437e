import { randomBytes } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { withConnection } from "../with-connection.ts";
import { databaseUrl } from "./start-test-server.ts";

/** The URL of a database without any table, for the test that calls this; it goes with the test. */
export const createEmptyDatabase = async (serverUrl: string = inject("databaseServer")): Promise<string> => {
  const name = `lethe_empty_${randomBytes(8).toString("hex")}`;
  const run = (sql: string) => withConnection(serverUrl, (client) => client.query(sql));
  await run(`CREATE DATABASE ${name}`);
  onTestFinished(async () => {
    await run(`DROP DATABASE ${name} WITH (FORCE)`);
  });
  return databaseUrl(serverUrl, name);
};
