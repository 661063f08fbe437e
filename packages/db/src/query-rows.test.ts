import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient, type Database } from "./create-client.ts";
import { Prisma } from "./generated/client.ts";
import { queryRows } from "./query-rows.ts";
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
    SELECT true AS bool, 1::smallint AS int2, -7 AS int4, 9007199254740993 AS int8, 0.5::float8 AS float8, ''::text AS empty,
      'é'::varchar AS varchar, current_database() AS name, ${uuid}::uuid AS uuid, '{"a": [1, null]}'::jsonb AS jsonb,
      '[]'::json AS json, '2026-01-02 03:04:05.006+02'::timestamptz AS at, '1999-12-31 23:59:59.9'::timestamp AS local,
      '{a,NULL}'::text[] AS texts, ARRAY[${uuid}::uuid] AS uuids, NULL::int8 AS none, NULL::timestamptz AS never`,
  "every kind of argument": Prisma.sql`
    SELECT ${1}::integer AS number, ${2n}::bigint AS bigint, ${"a'b"}::text AS text, ${true}::boolean AS yes,
      ${null}::uuid AS nothing, ${moment}::timestamptz AS at, ${new Uint8Array([0, 255])} = '\\x00ff'::bytea AS bytes,
      ${[moment, moment]}::timestamptz[] = ARRAY[${moment}, ${moment}]::timestamptz[] AS times,
      ${["a,b", null, "{"]}::text[] AS texts, ${[1, 2]}::integer[] = '{1,2}' AS numbers`,
  "more rows than one": Prisma.sql`SELECT n, n::text AS text FROM generate_series(1, ${3}::integer) AS n`,
  "rows without a column": Prisma.sql`SELECT FROM pg_notify('nobody', '')`,
  nothing: Prisma.sql`SELECT 1 AS one WHERE false`,
};

const templateOf = ({ strings }: Prisma.Sql) => Object.assign([...strings], { raw: strings });

it.each(Object.entries(statements))("answers what $queryRaw does: %s", async (_, statement) => {
  const rows = await queryRows(db)(templateOf(statement), ...statement.values);
  expect(rows).toEqual(await db.$queryRaw(statement));
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
