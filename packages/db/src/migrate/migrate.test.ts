import { expect, onTestFinished, test } from "vitest";
import { createClient } from "../create-client.ts";
import { JOBS_MIGRATION } from "../jobs/migrate-jobs.ts";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { openPostgres15 } from "../testing/index.ts";
import { withConnection } from "../with-connection.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./read-migrations.ts";

const names = [...(await readMigrations()).map(({ name }) => name), JOBS_MIGRATION];

const query = async (url: string, sql: string) =>
  (await withConnection(url, (client) => client.query(sql))).rows;

test("an empty database gets everything, once", async () => {
  const url = await createEmptyDatabase();
  expect(await migrate({ url })).toEqual({ applied: names });
  expect(await migrate({ url })).toEqual({ applied: [] });
  const rows = await query(
    url,
    "SELECT migration_name, checksum, applied_steps_count, logs FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name",
  );
  const migrations = await readMigrations();
  expect(rows).toEqual(
    migrations.map(({ name, checksum }) => ({
      migration_name: name,
      checksum,
      applied_steps_count: 1,
      logs: null,
    })),
  );
});

test("of several instances that start at once, one migrates and the others wait for it", async () => {
  const url = await createEmptyDatabase();
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrate({ url })));
  expect(runs.flatMap(({ applied }) => applied)).toEqual(names);
});

test("a migration that fails changes nothing, says why, and succeeds once the cause is gone", async () => {
  const url = await createEmptyDatabase();
  const [first, second = ""] = names;
  await query(url, "CREATE FUNCTION delete_chats(jsonb) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  for (const _attempt of [1, 2]) {
    await expect(migrate({ url })).rejects.toMatchObject({
      code: "migration_failed",
      message: expect.stringMatching(
        new RegExp(`${second} failed: function "delete_chats" already exists.*Nothing of it was applied`),
      ),
    });
    expect(
      await query(url, "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL"),
    ).toEqual([{ migration_name: first }]);
  }
  await query(url, "DROP FUNCTION delete_chats");
  expect((await migrate({ url })).applied).toEqual(names.slice(1));
});

test("a database with tables of somebody else is left alone", async () => {
  const url = await createEmptyDatabase();
  await query(url, "CREATE TABLE message (of_somebody_else text)");
  await expect(migrate({ url })).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringMatching(/not empty.*createdb/),
  });
  expect(await query(url, "SELECT to_regclass('tenant') AS tenant")).toEqual([{ tenant: null }]);
});

test("a user who may not create tables is told what is missing", async () => {
  const url = await createEmptyDatabase();
  const role = `role_${new URL(url).pathname.slice(1)}`;
  await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
  const limited = new URL(url);
  limited.username = role;
  limited.password = "x";
  await expect(migrate({ url: limited.href })).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringMatching(/GRANT CREATE/),
  });
  await query(url, `DROP ROLE ${role}`);
});

test("an edited migration is told of and changes nothing", async () => {
  const url = await createEmptyDatabase();
  await migrate({ url });
  await query(url, `UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = '${names[0]}'`);
  const said: string[] = [];
  expect(await migrate({ url, log: (message) => said.push(message) })).toEqual({ applied: [] });
  expect(said.join("\n")).toContain(`${names[0]}: the file was edited`);
});

test("on the oldest supported server", async ({ skip }) => {
  const found = await openPostgres15();
  if ("missing" in found) return skip(found.missing);
  onTestFinished(found.server.stop);
  const url = await createEmptyDatabase(found.server.url);
  expect(await migrate({ url })).toEqual({ applied: names });
  const db = createClient({ url });
  await db.tenant.create({ data: { name: "Acme" } });
  expect(await db.tenant.count()).toBe(1);
  expect(await query(url, "SHOW server_version")).toEqual([
    { server_version: expect.stringMatching(/^15\./) },
  ]);
  await db.$disconnect();
}, 260_000);
