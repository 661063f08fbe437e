import { expect, onTestFinished, test } from "vitest";
import { createClient } from "../create-client.ts";
import { partitionTables } from "../partition/partition-tables.ts";
import { Session } from "../session/session.ts";
import { createEmptyDatabase, createFormerDatabase } from "../testing/create-empty-database.ts";
import { openPostgres15 } from "../testing/index.ts";
import { readCatalog } from "../testing/read-catalog.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { applyMigrations } from "./apply.ts";
import { migrate } from "./migrate.ts";
import { stepsTo } from "./migration-state.ts";
import { functionsLine, readMigrations } from "./read-migrations.ts";

const { current, former, functions } = await readMigrations();
const names = current.map(({ name }) => name);

const query = async (url: string, sql: string) =>
  (await withPatience(url, (client) => client.query(sql))).rows;

test("an empty database gets everything, once", async () => {
  const url = await createEmptyDatabase();
  expect(await migrate({ url })).toEqual({ applied: names });
  expect(await migrate({ url })).toEqual({ applied: [] });
  const rows = await query(
    url,
    "SELECT migration_name, checksum, applied_steps_count, logs FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name",
  );
  expect(rows).toEqual(
    current.map(({ name, checksum }) => ({
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
  const [first, second] = former.map(({ name }) => name);
  const { url } = await createFormerDatabase(second);
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
  expect((await migrate({ url })).applied).toEqual([...former.slice(1).map(({ name }) => name), ...names]);
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
  const catalog = await readCatalog(url);
  expect(await partitionTables({ url, partitions: 2 })).toContain("chat");
  expect(await readCatalog(url)).toEqual(catalog);
  expect(await query(url, "SHOW server_version")).toEqual([
    { server_version: expect.stringMatching(/^15\./) },
  ]);
  await db.$disconnect();
});

/** What two databases may not differ in: tables, indexes, functions, statistics, and the rows that they are made with. */
const schemaOf = async (url: string) => ({
  catalog: await readCatalog(url),
  functions: await query(
    url,
    "SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
  ),
  statistics: await query(
    url,
    `SELECT attrelid::regclass AS of, attname FROM pg_attribute
     WHERE attstattarget = 0 AND attrelid::regclass::text !~ '^pg_' ORDER BY attrelid::regclass::text, attname`,
  ),
  rows: await query(
    url,
    `SELECT (SELECT count(*)::integer FROM feed_state WHERE octet_length(cursor_key) = 32) AS feeds,
       (SELECT count(*)::integer FROM webhook_position WHERE seen IS NOT NULL) AS positions`,
  ),
});

test("databases of before the baseline come to the same schema, and have its name written down", async () => {
  const fresh = await createEmptyDatabase();
  await migrate({ url: fresh });
  const schema = await schemaOf(fresh);
  expect(schema.functions.length).toBeGreaterThan(10);
  expect(schema.statistics.length).toBeGreaterThan(5);
  expect(schema.rows).toEqual([{ feeds: 1, positions: 1 }]);
  const places = [former[1], former[12], former.at(-1), undefined];
  for (const place of places) {
    const old = await createFormerDatabase(place?.name);
    const left = place === undefined ? [] : former.slice(former.indexOf(place));
    expect((await old.upgrade()).applied).toEqual([...left.map(({ name }) => name), ...names]);
    expect(await schemaOf(old.url)).toEqual(schema);
    expect(await migrate({ url: old.url })).toEqual({ applied: [] });
  }
});

test("a database in use comes to people without losing a row, and its keys delete as before", async () => {
  const url = await createEmptyDatabase();
  const client = await new Session({ url, applicationName: "lethe test", plans: "any" }).connect();
  const [baseline] = current;
  await applyMigrations(url, client, [
    { ...baseline, script: baseline.sql.replace(/CREATE TRIGGER[^;]*;/g, "") },
  ]);
  await client.end();
  const tenant = "10000000-0000-4000-8000-000000000000";
  const id = (n: number) => `${n}0000000-0000-4000-8000-000000000000`;
  await query(url, `INSERT INTO tenant (tenant_id, name) VALUES ('${tenant}', 'Acme')`);
  await query(
    url,
    `INSERT INTO api_key (tenant_id, id, name, prefix, hash, scopes)
     VALUES ('${tenant}', '${id(2)}', 'ci', 'lethe_00000000', '\\x00', '{chats:read,chats:delete}')`,
  );
  await query(
    url,
    `INSERT INTO session (tenant_id, api_key_id, hash, expires_at)
     VALUES ('${tenant}', '${id(2)}', '\\x01', now() + interval '1 day')`,
  );
  await query(url, `INSERT INTO transcript (tenant_id, chat_id) VALUES ('${tenant}', '${id(3)}')`);
  await query(
    url,
    `INSERT INTO chat (tenant_id, id, title, trashed_at, trashed_by_kind, trashed_by_id, held_at, held_by_kind, held_by_id)
     VALUES ('${tenant}', '${id(3)}', 'Old', now(), 'api_key', '${id(2)}', NULL, NULL, NULL)`,
  );
  await query(
    url,
    `INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at)
     VALUES ('${tenant}', '${id(4)}', '${id(5)}', 'api_key', '${id(2)}', 'rest', false, 3, now())`,
  );
  const tables = ["tenant", "api_key", "session", "transcript", "chat", "deletion"];
  const rowsOf = () => Promise.all(tables.map((table) => query(url, `SELECT * FROM ${table}`)));
  const before = await rowsOf();
  expect((await migrate({ url })).applied).toEqual(names.slice(1));
  // All that was there is there, and what is new says that nothing is known.
  expect(await rowsOf()).toEqual(before.map(([row]) => [expect.objectContaining(row)]));
  expect(await query(url, "SELECT actor_name FROM deletion")).toEqual([{ actor_name: null }]);
  // As a server calls it that was started before.
  const [deleted] = await query(
    url,
    `SELECT outcome FROM delete_chat(
       '${tenant}', '${id(3)}', '${id(6)}', false, NULL, NULL, 'api_key', '${id(2)}', 'rest', 100
     )`,
  );
  expect(deleted).toEqual({ outcome: "deleted" });
  expect(await query(url, "SELECT actor_id, actor_name FROM deletion ORDER BY deleted_at DESC")).toEqual([
    { actor_id: id(2), actor_name: null },
    { actor_id: id(2), actor_name: null },
  ]);
});

test("every migration has the functions before it, and finds its own script among those that say the same", async () => {
  const later = (name: string, sql: string) => ({ name, sql, checksum: name });
  const more = [
    later("29990101000000_a", "-- x"),
    later("29990101000001_b", "-- y"),
    later("29990101000002_c", "-- x"),
  ];
  const known = { current: [current[0], ...more] as const, former, functions: "SELECT 1;" };
  const steps = stepsTo({ ...known, current: [...known.current] }, new Set([current[0].name]));
  expect(steps.map(({ name, script }) => [name, script.includes("SELECT 1;")])).toEqual(
    more.map(({ name }) => [name, true]),
  );
  const url = await createEmptyDatabase();
  await migrate({ url });
  const client = await new Session({ url, applicationName: "lethe test", plans: "any" }).connect();
  const told = steps.map((step, at) => ({ ...step, script: `CREATE TABLE step_${at} ()` }));
  expect(await applyMigrations(url, client, told)).toEqual(more.map(({ name }) => name));
  await client.end();
  const made = await query(
    url,
    "SELECT count(*)::integer AS count FROM pg_class WHERE relname LIKE 'step\\__'",
  );
  expect(made).toEqual([{ count: 3 }]);
});

test("the newest migration names the functions as they are, for only a migration sets them", () => {
  expect(current.at(-1)?.sql, "run migration:new").toContain(functionsLine(functions));
});
