import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createClient } from "../create-client.ts";
import { migrate } from "../migrate/migrate.ts";
import { createSessionClient } from "../session-client.ts";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { createTestDatabase, type TestDatabase } from "../testing/index.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { createPool } from "./pool.ts";
import { findAddress } from "./pooling.ts";
import { Session } from "./session.ts";

/** What other people's servers are set to, where initdb, an administrator or an old application wanted it so. */
const HOSTILE = {
  TimeZone: "America/New_York",
  DateStyle: "German",
  IntervalStyle: "iso_8601",
  client_encoding: "LATIN1",
  standard_conforming_strings: "off",
  search_path: "elsewhere, pg_catalog",
  default_transaction_isolation: "serializable",
  default_transaction_read_only: "on",
  statement_timeout: "7s",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "50s",
  extra_float_digits: "-15",
  session_replication_role: "replica",
  synchronous_commit: "off",
};

const WANTED = {
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  client_encoding: "UTF8",
  standard_conforming_strings: "on",
  search_path: "public",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  statement_timeout: expect.stringMatching(/^[1-9]/),
  lock_timeout: expect.stringMatching(/^[1-9]/),
  idle_in_transaction_session_timeout: expect.stringMatching(/^[1-9]/),
  idle_session_timeout: "0",
  extra_float_digits: "1",
  session_replication_role: "origin",
  synchronous_commit: "on",
};

/** The settings of the session that asks, as one JSON object. */
const ASK = `jsonb_build_object(${Object.keys(HOSTILE)
  .map((name) => `'${name}', current_setting('${name}')`)
  .join(", ")})`;

const makeHostile = async (url: string) => {
  const name = new URL(url).pathname.slice(1);
  await withPatience(url, async (client) => {
    for (const [setting, value] of Object.entries(HOSTILE)) {
      const words = setting === "search_path" ? value : `'${value}'`;
      await client.query(`ALTER DATABASE ${name} SET ${setting} = ${words}`);
    }
  });
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await makeHostile(database.url);
  vi.stubEnv("PGOPTIONS", "-c TimeZone=Asia/Kolkata -c statement_timeout=7000");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

const settingsRow = z.tuple([z.object({ settings: z.record(z.string(), z.string()) })]);

test("clients and single sessions are what Lethe needs, whatever the database and the environment say", async () => {
  const db = createClient({ url: database.url });
  onTestFinished(() => db.$disconnect());
  const ask = `SELECT ${ASK} AS settings`;
  expect(settingsRow.parse(await db.$queryRawUnsafe(ask))[0].settings).toEqual(WANTED);
  const inTransaction = await db.$transaction((tx) => tx.$queryRawUnsafe(ask));
  expect(settingsRow.parse(inTransaction)[0].settings).toEqual(WANTED);
  const { rows } = await withPatience(database.url, (client) => client.query(ask));
  expect(settingsRow.parse(rows)[0].settings).toEqual(WANTED);
});

test("where the role may not set what it must, there is no session", async () => {
  const role = `plain_${randomUUID().slice(0, 8)}`;
  await withPatience(database.url, (client) =>
    client.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'plain'; ALTER ROLE ${role} SET session_replication_role = replica`,
    ),
  );
  onTestFinished(async () => {
    await withPatience(database.url, (client) => client.query(`DROP ROLE ${role}`));
  });
  const url = new URL(database.url);
  [url.username, url.password] = [role, "plain"];
  await expect(new Session({ url: url.href, applicationName: "plain" }).connect()).rejects.toMatchObject({
    code: "08001",
    message: expect.stringMatching(/session_replication_role.*RESET it/),
  });
});

test.each(["LATIN1", "SQL_ASCII"])("a database in %s is refused with what to do", async (encoding) => {
  const name = `lethe_encoded_${randomUUID().slice(0, 8)}`;
  const run = (sql: string) => withPatience(inject("databaseServer"), (client) => client.query(sql));
  await run(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING ${encoding} LOCALE_PROVIDER libc LOCALE 'C'`,
  );
  onTestFinished(async () => {
    await run(`DROP DATABASE ${name}`);
  });
  const url = new URL(inject("databaseServer"));
  url.pathname = `/${name}`;
  const failure = await findAddress(url.href).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringMatching(
      `^PostgreSQL at [^\\n]* ${name} in ${encoding}[^\\n]*createdb -E UTF8 -T template0[^\\n]*$`,
    ),
  });
});

/** Writes down what the sessions have that make something, by name; a superuser of the test server may. */
const OBSERVE_DDL = `
  CREATE SCHEMA seen;
  CREATE TABLE seen.session (name text, settings jsonb);
  CREATE FUNCTION seen.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO seen.session VALUES (current_setting('application_name'), ${ASK}); END $$;
  CREATE EVENT TRIGGER seen ON ddl_command_end EXECUTE FUNCTION seen.note()`;

test("so are those of migrations, the and the schema engine", async () => {
  const url = await createEmptyDatabase();
  await makeHostile(url);
  const run = (sql: string) => withPatience(url, (client) => client.query(sql));
  await run(OBSERVE_DDL);
  await migrate({ url });
  const { rows } = await run("SELECT name, settings FROM seen.session GROUP BY name, settings");
  const seen = z
    .array(z.object({ name: z.string(), settings: z.record(z.string(), z.string()) }))
    .parse(rows);
  expect(new Set(seen.map(({ name }) => name))).toEqual(new Set(["lethe migrate"]));
  for (const { settings } of seen) expect(settings).toEqual(WANTED);
});

test("a listener waits for longer than the database lets sessions idle", async () => {
  const name = new URL(database.url).pathname.slice(1);
  const shorter = (ms: number) =>
    withPatience(database.url, (client) =>
      client.query(`ALTER DATABASE ${name} SET idle_session_timeout = ${ms}`),
    );
  // Long enough for a session to say on a busy machine that this is not for it.
  await shorter(2_000);
  const lost: unknown[] = [];
  const heard: unknown[] = [];
  const client = createSessionClient({ url: database.url });
  onTestFinished(client.close);
  await client.listen({
    channel: "long",
    onNotify: (payload) => heard.push(payload),
    onError: (error) => lost.push(error),
  });
  // An ordinary session that idles for as long is ended by the server.
  const victim = new Session({ url: database.url, applicationName: "victim" });
  await victim.connect();
  onTestFinished(() => victim.end());
  const ended = new Promise<void>((end) => victim.once("end", () => end()));
  await victim.query("SET idle_session_timeout = 2200");
  await ended;
  await database.db.$executeRaw`SELECT pg_notify('long', 'here')`;
  await expect.poll(() => heard).toEqual(["here"]);
  expect(lost).toEqual([]);
});

test("a session whose time zone is changed behind its back is ended before it can answer again", async () => {
  const session = await new Session({ url: database.url, applicationName: "changed" }).connect();
  await expect(session.query("SET TimeZone = 'Asia/Tokyo'; SELECT now()")).rejects.toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringContaining("TimeZone Asia/Tokyo although UTC"),
  });
  await expect(session.query("SELECT now()")).rejects.toThrow();
});

test("a session that breaks while it is checked out, idle or alone takes nobody with it", async () => {
  const pool = createPool({ url: database.url, size: 2, applicationName: "broken" });
  onTestFinished(() => pool.end());
  const [busy, idle] = [await pool.connect(), await pool.connect()];
  idle.release();
  const alone = await new Session({ url: database.url, applicationName: "broken" }).connect();
  const { rowCount } = await withPatience(database.url, (client) =>
    client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'broken'"),
  );
  expect(rowCount).toBe(3);
  // Between two statements nobody waits for an answer: the error goes to no one, and must not be thrown.
  await expect.poll(() => busy.query("SELECT 1").catch(() => "broken")).toBe("broken");
  busy.release();
  await expect.poll(() => alone.query("SELECT 1").catch(() => "broken")).toBe("broken");
  const ask = () => pool.query("SELECT 1 AS one").then(({ rows }) => rows);
  await expect.poll(() => ask().catch(() => "broken")).toEqual([{ one: 1 }]);
});
