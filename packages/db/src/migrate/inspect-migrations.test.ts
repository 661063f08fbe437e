import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/index.ts";
import { inspectMigrations, migrate } from "./migrate.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

test("nothing is pending in a migrated database", async () => {
  expect(await inspectMigrations({ url: database.url })).toEqual({ pending: [], edited: [] });
});

test("all is pending in an empty one, and looking changes nothing", async () => {
  await database.db.$executeRaw`DROP SCHEMA public CASCADE`;
  await database.db.$executeRaw`CREATE SCHEMA public`;
  const { pending } = await inspectMigrations({ url: database.url });
  expect(pending.length).toBeGreaterThan(0);
  expect(pending).toEqual(pending.toSorted());
  expect((await migrate({ url: database.url })).applied).toEqual(pending);
});

test("a migration that this version does not know is said by name", async () => {
  await database.db.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
    VALUES ('x', 'x', '99990101000000_of_the_future', now())`;
  await expect(inspectMigrations({ url: database.url })).rejects.toMatchObject({
    code: "newer_database",
    message: expect.stringContaining("99990101000000_of_the_future"),
  });
});

test("an unreachable database is said to be so", async () => {
  await expect(inspectMigrations({ url: "postgresql://u:secret@127.0.0.1:1/d" })).rejects.toMatchObject({
    code: "unreachable",
    message: expect.not.stringContaining("secret"),
  });
});
