import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createClient } from "../create-client.ts";
import { queryRows } from "../query-rows.ts";
import { createSessionClient } from "../session-client.ts";
import { createTestDatabase, openPgBouncer, type TestDatabase, type TestPooler } from "../testing/index.ts";
import { TIMEOUT_MS, withPatience } from "../testing/start-test-server.ts";
import { findAddress } from "./pooling.ts";

let database: TestDatabase;
let other: TestDatabase;
let pooler: TestPooler;

const READY =
  "connect_query='SET search_path = public; SET IntervalStyle = postgres; SET default_transaction_isolation = ''read committed''; " +
  "SET statement_timeout = 15000; SET lock_timeout = 5000; SET idle_in_transaction_session_timeout = 15000; SET synchronous_commit = on'";

beforeAll(async () => {
  [database, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const target = database.url;
  const name = new URL(target).pathname.slice(1);
  await withPatience(target, async (client) => {
    await client.query(`ALTER DATABASE ${name} SET TimeZone = 'America/New_York'`);
    await client.query(`ALTER DATABASE ${name} SET DateStyle = 'German'`);
    await client.query(`ALTER DATABASE ${name} SET client_encoding = 'LATIN1'`);
    await client.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = 'off'`);
  });
  const opened = await openPgBouncer([
    { name: "session", target, mode: "session" },
    { name: "transaction", target, mode: "transaction", options: READY },
    { name: "bare", target, mode: "transaction" },
    { name: "narrow", target, mode: "transaction", options: `pool_size=1 ${READY}` },
    { name: "statement", target, mode: "statement" },
  ]);
  if ("missing" in opened) throw new Error(opened.missing);
  pooler = opened;
});

afterAll(async () => {
  await pooler.stop();
  await Promise.all([database.drop(), other.drop()]);
});

describe("findAddress", () => {
  test.each<[string, () => [string, string?], string]>([
    ["a server", () => [database.url], "none"],
    ["a pooler that lends for as long as a client stays", () => [pooler.url("session")], "session"],
    ["one that lends by transaction", () => [pooler.url("transaction"), database.url], "transaction"],
    ["one with a single connection", () => [pooler.url("narrow"), pooler.url("session")], "transaction"],
  ])("knows %s by what it does", async (_, urls, pooling) => {
    const [url, directUrl = url] = urls();
    expect(await findAddress(url, directUrl)).toEqual({ url, directUrl, pooling });
  });

  test.each<[string, () => [string, string?], RegExp]>([
    [
      "connections by transaction alone",
      () => [pooler.url("transaction")],
      /^The connection pooler at 127\.0\.0\.1:\d+ lends connections by transaction: point DATABASE_DIRECT_URL to PostgreSQL itself[^\n]*pool_mode=session\.$/,
    ],
    [
      "connections by transaction where sessions are needed",
      () => [pooler.url("session"), pooler.url("transaction")],
      /point DATABASE_DIRECT_URL to PostgreSQL itself/,
    ],
    [
      "connections without the settings",
      () => [pooler.url("bare"), database.url],
      /transaction: add connect_query='SET search_path = public; SET default_transaction_isolation = ''read committed''; SET statement_timeout = 15000; SET lock_timeout = 5000; SET idle_in_transaction_session_timeout = 15000; SET synchronous_commit = on' to the line of the database in pgbouncer\.ini/,
    ],
    ["both", () => [pooler.url("bare")], /DATABASE_DIRECT_URL.*, and add connect_query/],
    ["connections by statement", () => [pooler.url("statement")], /by statement.*set pool_mode=session/],
    ["another database", () => [pooler.url("session"), other.url], /lead to different databases/],
  ])("says in one line what to set for %s", async (_, urls, message) => {
    const failure = await findAddress(...urls()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "DatabaseSetupError",
      message: expect.stringMatching(message),
    });
    expect(String(failure)).not.toContain(new URL(database.url).password);
  });
});

test.each(["session", "transaction"] as const)(
  "clients work at once through a pooler that lends by %s, in UTC and with the same settings",
  async (pooling) => {
    const clients = [1, 2, 3].map(() =>
      createClient({ url: pooler.url(pooling), pooling, poolSize: 2, connectTimeoutMs: TIMEOUT_MS }),
    );
    onTestFinished(async () => {
      await Promise.all(clients.map((client) => client.$disconnect()));
    });
    const now = new Date();
    // The same text at once in several clients: names of prepared statements would clash.
    const asked = clients.flatMap((client) =>
      Array.from(
        { length: 8 },
        () => client.$queryRaw`
          SELECT ${now}::timestamptz AS time, ${now}::timestamptz::text AS text, 'Zoë' AS name,
            current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
            current_setting('transaction_isolation') AS isolation`,
      ),
    );
    const text = now
      .toISOString()
      .replace("T", " ")
      .replace(/\.?0*Z$/, "+00");
    for (const rows of await Promise.all(asked)) {
      expect(rows).toEqual([
        { time: now, text, name: "Zoë", statement: "15s", lock: "5s", isolation: "read committed" },
      ]);
    }
  },
);

test.each(["session", "transaction"] as const)(
  "rows come through a pooler that lends by %s before they are committed",
  async (pooling) => {
    const client = createClient({
      url: pooler.url(pooling),
      pooling,
      poolSize: 1,
      connectTimeoutMs: TIMEOUT_MS,
    });
    onTestFinished(() => client.$disconnect());
    const order: string[] = [];
    // The second time the statement is one that the connection may know.
    for (const number of [1, 2]) {
      const answer = await queryRows(client, (rows) => order.push(JSON.stringify(rows)))`
        SELECT ${number}::integer AS number`;
      order.push(JSON.stringify(answer));
    }
    const [first, second] = [1, 2].map((number) => JSON.stringify([{ number }]));
    expect(order).toEqual([first, first, second, second]);
  },
);

test("a listener hears through a pooler that leaves it its session", async () => {
  const heard: unknown[] = [];
  const client = createSessionClient({ url: pooler.url("session") });
  onTestFinished(client.close);
  await client.listen({
    channel: "pooled",
    onNotify: (payload) => heard.push(payload),
  });
  await database.db.$executeRaw`SELECT pg_notify('pooled', 'here')`;
  await expect.poll(() => heard).toEqual(["here"]);
});
