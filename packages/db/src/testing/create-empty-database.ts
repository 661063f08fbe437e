import { randomBytes } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { readMigrations } from "../migrate/read-migrations.ts";
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

/**
 * A database of an older version, for the test that calls this: it has the migrations before the one named. `upgrade`
 * brings it to this version.
 */
export const createOldDatabase = async (before: string) => {
  const url = await createEmptyDatabase();
  const migrations = await readMigrations();
  const first = migrations.findIndex(({ name }) => name === before);
  if (first === -1) throw new Error(`There is no migration ${before}`);
  const run = async (sql: string) => {
    await withConnection(url, (client) => client.query(sql));
  };
  for (const { sql } of migrations.slice(0, first)) await run(sql);
  const upgrade = async () => {
    for (const { sql } of migrations.slice(first)) await run(sql);
  };
  return { url, run, upgrade };
};
