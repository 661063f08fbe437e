import { readOpenTransactions } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { judgeHorizon } from "./check-database.ts";

test("a transaction that is open for long is a warning that says whose it is, in another database too", async () => {
  const [own, other] = [await createTestDatabase(), await createTestDatabase()];
  onTestFinished(async () => {
    await own.drop();
    await other.drop();
  });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const lasting = other.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_current_xact_id()::text`;
    begin();
    await released;
  });
  await begun;
  const database = new URL(other.url).pathname.slice(1);
  const open = (await readOpenTransactions(own.db)).filter((one) => one.database === database);
  release();
  await lasting;
  expect(open).toMatchObject([
    { ageMs: expect.any(Number), pid: expect.any(Number), application: "lethe test" },
  ]);

  expect(judgeHorizon(open)).toMatchObject({ status: "ok" });
  expect(judgeHorizon(open.map((one) => ({ ...one, ageMs: 90_000 })))).toEqual({
    name: "horizon",
    status: "warning",
    detail: expect.stringContaining(
      `A transaction of "lethe test" in the database ${database} (process ${open[0]?.pid}) has been open for 90 s.`,
    ),
    remedy: expect.stringContaining("pg_terminate_backend"),
  });
  expect(judgeHorizon(open.map((one) => ({ ...one, ageMs: null })))).toMatchObject({
    status: "info",
    remedy: expect.stringContaining("pg_read_all_stats"),
  });
});
