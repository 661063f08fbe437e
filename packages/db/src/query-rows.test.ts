import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { createClient, type Database } from "./create-client.ts";
import { Prisma } from "./generated/client.ts";
import { queryRows } from "./query-rows.ts";
import type { Row } from "./session/rows-query.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const moment = new Date("2026-02-03T04:05:06.789Z");
const uuid = "00000000-0000-4000-8000-00000000000a";
const statements = {
  "every type that is read": Prisma.sql`
    SELECT true AS bool, false AS no, 1::smallint AS int2, -7 AS int4, -2147483648 AS least, 9007199254740993 AS int8, 0.5::float8 AS float8, ''::text AS empty,
      'é'::varchar AS varchar, current_database() AS name, ${uuid}::uuid AS uuid, '{"a": [1, null]}'::jsonb AS jsonb,
      '[]'::json AS json, '2026-01-02 03:04:05.006+02'::timestamptz AS at, '1999-12-31 23:59:59.9'::timestamp AS local,
      '{a,NULL}'::text[] AS texts, ARRAY[${uuid}::uuid] AS uuids, NULL::int8 AS none, NULL::timestamptz AS never`,
  "every kind of argument": Prisma.sql`
    SELECT ${1}::integer AS number, ${2n}::bigint AS bigint, ${"a'b"}::text AS text, ${true}::boolean AS yes,
      ${null}::uuid AS nothing, ${moment}::timestamptz AS at, ${new Uint8Array([0, 255])} = '\\x00ff'::bytea AS bytes,
      ${[moment, moment]}::timestamptz[] = ARRAY[${moment}, ${moment}]::timestamptz[] AS times,
      ${["a,b", null, "{"]}::text[] AS texts, ${[1, 2]}::integer[] = '{1,2}' AS numbers`,
  "times of every length": Prisma.sql`
    SELECT at::timestamptz AS at, at::timestamp AS local FROM unnest('{
      2026-11-28 20:11:25, 2026-02-28 23:59:59.1, 2026-12-31 00:00:00.12, 2024-02-29 01:02:03.123, 2024-02-29 01:02:03.000999,
      2026-01-01 00:00:00.999999, 1970-01-01 00:00:00, 1969-12-31 23:59:59.5, 1000-01-01 00:00:00.25, 0999-06-07 08:09:10,
      0044-03-15 12:00:00, 9999-12-31 23:59:59.999}'::text[]) AS at`,
  "more rows than one": Prisma.sql`SELECT n, n::text AS text FROM generate_series(1, ${3}::integer) AS n`,
  "rows that come in pieces": Prisma.sql`
    SELECT n, repeat('é', n * ${40_000}::integer) AS text, n % 2 = 0 AS even FROM generate_series(1, 5) AS n`,
  "rows without a column": Prisma.sql`SELECT FROM pg_notify('nobody', '')`,
  nothing: Prisma.sql`SELECT 1 AS one WHERE false`,
};

const templateOf = ({ strings }: Prisma.Sql) => Object.assign([...strings], { raw: strings });

it.each(Object.entries(statements))("answers what $queryRaw does: %s", async (_, statement) => {
  const rows = await queryRows(db)(templateOf(statement), ...statement.values);
  expect(rows).toEqual(await db.$queryRaw(statement));
});

it("tells parts apart that one template has at one time and another", async () => {
  const answer = (column: Prisma.Sql, filter: Prisma.Sql) =>
    queryRows(
      db,
    )`SELECT ${column} AS it FROM (SELECT ${1}::integer AS a, ${2}::integer AS b) AS one WHERE true ${filter}`;
  const [a, b] = [Prisma.sql`a`, Prisma.sql`b`];
  const over = (least: number) => Prisma.sql`AND b > ${least}::integer`;
  expect(await answer(a, Prisma.empty)).toEqual([{ it: 1 }]);
  expect(await answer(b, Prisma.empty)).toEqual([{ it: 2 }]);
  expect(await answer(b, over(1))).toEqual([{ it: 2 }]);
  expect(await answer(b, over(2))).toEqual([]);
  expect(await answer(Prisma.sql`a + ${5}::integer`, over(0))).toEqual([{ it: 6 }]);
});

it("goes on after a failure, by a connection that has nothing prepared", async () => {
  const one = createClient({ url: database.url, poolSize: 1, applicationName: "failing" });
  const divided = (by: number) =>
    queryRows(one)`SELECT 6 / ${by}::integer AS it, pg_backend_pid() AS session`;
  const [first] = z.array(z.object({ it: z.int(), session: z.int() })).parse(await divided(2));
  await expect(divided(0)).rejects.toMatchObject({ code: "P2010" });
  await expect(queryRows(one)`SELECT 6 / ${0}::integer AS never_answered`).rejects.toMatchObject({
    code: "P2010",
  });
  expect(await divided(3)).toEqual([{ it: 2, session: expect.any(Number) }]);
  expect(await divided(3)).not.toEqual([{ it: 2, session: first?.session }]);
  await one.$disconnect();
});

it("refuses a result that is another one than that which was described", async () => {
  const one = createClient({ url: database.url, poolSize: 1 });
  const read = () => queryRows(one)`SELECT * FROM changing`;
  await db.$executeRaw`CREATE TABLE changing AS SELECT 1 AS number`;
  expect(await read()).toEqual([{ number: 1 }]);
  await db.$executeRaw`ALTER TABLE changing ADD text text DEFAULT 'more'`;
  await expect(read()).rejects.toThrow("cached plan must not change result type");
  expect(await read()).toEqual([{ number: 1, text: "more" }]);
  await one.$disconnect();
});

it("fails as $queryRaw does", async () => {
  const failing = [Prisma.sql`SELECT 1 / ${0}::integer`, Prisma.sql`SELECT * FROM nowhere`];
  for (const statement of failing) {
    const failure = await queryRows(db)(templateOf(statement), ...statement.values).catch(
      (error: unknown) => error,
    );
    const usual = await db.$queryRaw(statement).catch((error: unknown) => error);
    if (!(failure instanceof Prisma.PrismaClientKnownRequestError)) throw failure;
    if (!(usual instanceof Prisma.PrismaClientKnownRequestError)) throw usual;
    expect(usual.message).toContain(failure.message);
    expect({ code: failure.code, meta: failure.meta }).toEqual({ code: usual.code, meta: usual.meta });
  }
});

it("refuses a column of which it does not know how to read it", async () => {
  await expect(queryRows(db)`SELECT 1.5::numeric AS price`).rejects.toThrow("The column price has a type");
});

it("is a part of a transaction that it is called within", async () => {
  const name = "taken back";
  const undone = db.$transaction(async (tx) => {
    await queryRows(tx)`INSERT INTO tenant (name) VALUES (${name})`;
    expect(await queryRows(tx)`SELECT FROM tenant WHERE name = ${name}`).toHaveLength(1);
    throw new Error("not so");
  });
  await expect(undone).rejects.toThrow("not so");
  expect(await queryRows(db)`SELECT FROM tenant WHERE name = ${name}`).toEqual([]);
});

it("connects a client that nobody has used, which ends its pool all the same", async () => {
  const fresh = createClient({ url: database.url, poolSize: 1, applicationName: "never used" });
  const [first] = await Promise.all([queryRows(fresh)`SELECT 1 AS one`, queryRows(fresh)`SELECT 2 AS two`]);
  expect(first).toEqual([{ one: 1 }]);
  await fresh.$disconnect();
  const left = () => db.$queryRaw`SELECT FROM pg_stat_activity WHERE application_name = 'never used'`;
  await expect.poll(left).toEqual([]);
  await expect(queryRows(fresh)`SELECT 1`).rejects.toMatchObject({ code: "P2010" });
});

it("tells rows while their commit still waits, and rejects if that fails", async () => {
  const key = 4_711;
  await db.$executeRaw`CREATE TABLE waiting (number integer)`;
  await db.$executeRaw`
    CREATE FUNCTION wait_to_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock(4711);
      IF NEW.number < 0 THEN RAISE EXCEPTION 'not committed'; END IF;
      RETURN NULL;
    END $$`;
  await db.$executeRaw`
    CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON waiting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_to_commit()`;
  /** What was told, and that what was asked is not answered, while somebody else has the lock. */
  const insert = (number: number) =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(${key}::bigint)::text`;
      const told = Promise.withResolvers<readonly Row[]>();
      let answered = false;
      const answer = queryRows(
        db,
        told.resolve,
      )`INSERT INTO waiting VALUES (${number}::integer) RETURNING number`.finally(() => {
        answered = true;
      });
      answer.catch(() => {});
      const rows = await told.promise;
      expect(await tx.$queryRaw`SELECT number FROM waiting WHERE number = ${number}::integer`).toEqual([]);
      expect(answered).toBe(false);
      return { rows, answer };
    });
  // The second time the statement is one that the connection knows.
  for (const number of [1, 2]) {
    const { rows, answer } = await insert(number);
    expect(rows).toEqual([{ number }]);
    expect(await answer).toEqual(rows);
  }
  const { rows, answer } = await insert(-1);
  expect(rows).toEqual([{ number: -1 }]);
  await expect(answer).rejects.toThrow("not committed");
  expect(await db.$queryRaw`SELECT number FROM waiting ORDER BY number`).toEqual([
    { number: 1 },
    { number: 2 },
  ]);
});

it("rejects with what was thrown over its rows, and goes on", async () => {
  const refuse = () => {
    throw new RangeError("not these");
  };
  await expect(queryRows(db, refuse)`SELECT 1 AS one`).rejects.toThrow("not these");
  expect(await queryRows(db)`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});

it("leaves nothing of an answer for longer than somebody has it", async () => {
  setFlagsFromString("--expose-gc");
  const collect = z
    .function({ input: [z.object({ type: z.enum(["minor", "major"]) })] })
    .parse(runInNewContext("gc"));
  const old = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
  const rows = Prisma.sql`SELECT n, repeat(n::text, 100) AS text FROM generate_series(1, ${100}::integer) AS n`;
  const ask = async () => {
    for (let turn = 0; turn < 20; turn += 1) await queryRows(db)(templateOf(rows), ...rows.values);
  };
  await ask();
  collect({ type: "major" });
  const before = old();
  // 16,000 rows of some 300 bytes. What outlives two scavenges is among the old.
  await Promise.all(Array.from({ length: 8 }, ask));
  for (const type of ["minor", "minor"] as const) collect({ type });
  expect(old() - before).toBeLessThan(1_000_000);
});
