import { randomBytes } from "node:crypto";
import { inject, onTestFinished } from "vitest";
import { applyMigrations } from "../migrate/apply.ts";
import { migrate } from "../migrate/migrate.ts";
import { readMigrations } from "../migrate/read-migrations.ts";
import { Session } from "../session/session.ts";
import { databaseUrl, withPatience } from "./start-test-server.ts";

/** The URL of a database without any table, for the test that calls this; it goes with the test. */
export const createEmptyDatabase = async (serverUrl: string = inject("databaseServer")): Promise<string> => {
  const name = `lethe_empty_${randomBytes(8).toString("hex")}`;
  const run = (sql: string) => withPatience(serverUrl, (client) => client.query(sql));
  await run(`CREATE DATABASE ${name}`);
  onTestFinished(async () => {
    await run(`DROP DATABASE ${name} WITH (FORCE)`);
  });
  return databaseUrl(serverUrl, name);
};

/**
 * A database of an older version, for the test that calls this: it has the former migrations before the one named, or
 * all of them. `run` is for SQL, `upgrade` brings it to this version.
 */
export const createFormerDatabase = async (before?: string) => {
  const url = await createEmptyDatabase();
  const { former } = await readMigrations();
  const end = before === undefined ? former.length : former.findIndex(({ name }) => name === before);
  if (end === -1) throw new Error(`There is no former migration ${before}`);
  const client = await new Session({ url, applicationName: "lethe test", plans: "any" }).connect();
  await applyMigrations(
    url,
    client,
    former.slice(0, end).map((migration) => ({ ...migration, script: migration.sql })),
  );
  await client.end();
  return {
    url,
    run: (sql: string) => withPatience(url, (connection) => connection.query(sql)),
    upgrade: () => migrate({ url }),
  };
};
