import { Debug } from "@prisma/client/runtime/client";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { clientOver, createClient } from "./create-client.ts";
import { createPool } from "./session/pool.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";
import { openRoute } from "./testing/route.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a statement that runs too long is cancelled by the server", async () => {
  const db = createClient({ url: database.url, statementTimeoutMs: 100 });
  await expect(db.$queryRaw`SELECT 1 FROM pg_sleep(5)`).rejects.toThrow(/statement timeout/);
  await db.$disconnect();
});

test("a server that falls silent is given up, and the next statement goes to another session", async () => {
  const route = await openRoute(database.url);
  onTestFinished(route.close);
  const db = createClient({ url: route.url, poolSize: 1, statementTimeoutMs: 100 });
  await db.$queryRaw`SELECT 1 AS one`;
  route.silence();
  await expect(db.$queryRaw`SELECT 1 AS one`).rejects.toThrow(/PostgreSQL has not answered in time/);
  expect(await db.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  await db.$disconnect();
});

test("a lock that is not given is waited for only so long", async () => {
  const holder = database.db;
  const waiter = createClient({ url: database.url, lockTimeoutMs: 100 });
  const tenant = await holder.tenant.create({ data: { name: "Acme" } });
  await holder.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 AS one FROM tenant FOR UPDATE`;
    await expect(
      waiter.tenant.update({ where: { tenantId: tenant.tenantId }, data: { name: "Other" } }),
    ).rejects.toThrow(/lock timeout/);
  });
  await waiter.$disconnect();
});

test("a row is dated by the database's clock, however wrong that of this process is", async () => {
  const before = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2001-01-01T00:00:00Z") });
  const { createdAt } = await database.db.tenant.create({ data: { name: "Acme" } }).finally(vi.useRealTimers);
  expect(Number(createdAt)).toBeGreaterThan(before - 3_600_000);
});

test("a time says its offset by itself, whatever the zone of the session", async () => {
  const time = new Date("2026-03-29T01:30:00.123Z");
  const rows = await database.db.$queryRaw`SELECT ${time}::text AS one, ${[time, time]}::text AS several`;
  expect(rows).toEqual([
    {
      one: "2026-03-29T01:30:00.123Z",
      several: expect.stringMatching(/^\{"2026-03-29T01:30:00\.123Z",/),
    },
  ]);
  await database.db.$transaction(async (tx) => {
    expect(await tx.$queryRaw`SELECT ${time}::text AS one`).toEqual([{ one: time.toISOString() }]);
  });
});

test("connections that the server ends are replaced", async () => {
  const db = createClient({ url: database.url, applicationName: "ended" });
  await db.$queryRaw`SELECT 1 AS one`;
  await database.db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'`;
  await expect.poll(() => db.tenant.count().catch(() => "not yet")).toBeTypeOf("number");
  await db.$disconnect();
});

test("at most poolSize connections are opened", async () => {
  const db = createClient({ url: database.url, poolSize: 2, applicationName: "pool test" });
  const seen = await Promise.all(
    Array.from({ length: 10 }, () => db.$queryRaw`SELECT pg_backend_pid() AS pid FROM pg_sleep(0.05)`),
  );
  expect(new Set(seen.map((rows) => JSON.stringify(rows))).size).toBe(2);
  await db.$disconnect();
});

test("a statement is prepared once for each connection, however often it is sent", async () => {
  const db = createClient({ url: database.url, poolSize: 1 });
  for (const one of [1, 2, 3]) await db.$queryRaw`SELECT ${one}::integer AS one`;
  const kept = await db.$queryRaw<{ name: string; runs: bigint }[]>`
    SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements
    WHERE statement LIKE 'SELECT $1::integer AS one'`;
  expect(kept).toEqual([{ name: expect.stringMatching(/^lethe_\d+$/), runs: 3n }]);
  await db.$disconnect();
});

test("no more than 500 texts are prepared: others run all the same", async () => {
  const db = createClient({ url: database.url, poolSize: 1 });
  for (let n = 0; n < 520; n += 1) {
    expect(await db.$queryRawUnsafe(`SELECT ${n} AS n`)).toEqual([{ n }]);
  }
  const rows = await db.$queryRawUnsafe("SELECT count(*)::integer AS kept FROM pg_prepared_statements");
  expect(rows).toEqual([{ kept: 500 }]);
  await db.$disconnect();
});

test("a question that differs from an earlier one in values alone is planned once, whatever clients there were", async () => {
  // It goes without models, and Prisma keeps one configuration for all.
  clientOver(createPool({ url: database.url, size: 1, applicationName: "lethe" }), { models: false });
  const db = createClient({ url: database.url, poolSize: 1 });
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  Debug.enable("prisma:client:clientEngine");
  onTestFinished(() => {
    Debug.disable();
    said.mockRestore();
    return db.$disconnect();
  });
  const ask = (name: string, ids: string[], direction: "asc" | "desc") =>
    db.tenant.findMany({
      where: { name, tenantId: { in: ids }, apiKeys: { some: { name: { startsWith: name } } } },
      select: { name: true, apiKeys: { where: { name }, take: 1 } },
      orderBy: { createdAt: direction },
    });
  const [one, other] = ["01a5c0de-0000-7000-8000-000000000000", "01a5c0de-0000-7000-8000-000000000001"];
  for (const [name, ids, direction] of [
    ["Acme", [one], "asc"],
    ["Other", [one, other], "asc"],
    ["Other", [one, other], "desc"],
  ] as const)
    expect(await ask(name, [...ids], direction)).toEqual([]);
  const plans = said.mock.calls
    .flat()
    .flatMap((text) => /query plan cache (hit|miss)/.exec(String(text))?.[1] ?? []);
  // What is no value is another question.
  expect(plans).toEqual(["miss", "hit", "miss"]);
});
