import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { applyMigrations } from "../migrate/apply.ts";
import { migrate } from "../migrate/migrate.ts";
import { stepsTo } from "../migrate/migration-state.ts";
import { readMigrations } from "../migrate/read-migrations.ts";
import { Session } from "../session/session.ts";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { createTestDatabase } from "../testing/index.ts";
import { readCatalog } from "../testing/read-catalog.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { partitionTables } from "./partition-tables.ts";
import { DIRECTORY } from "./read-tables.ts";

const migrated = async () => {
  const { url, db, drop } = await createTestDatabase(undefined, { partitioned: false });
  onTestFinished(drop);
  return {
    url,
    db,
    query: (sql: string) => withPatience(url, async (client) => (await client.query(sql)).rows),
  };
};

/** Tables and columns without statistics, which would be samples of content. */
const SAMPLED = `
  SELECT attrelid::regclass::text AS table, attname AS column FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE attstattarget = 0 AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`;

test("every table of tenants is partitioned, as the migrations make it but for that", async () => {
  const { url, query } = await migrated();
  const before = await readCatalog(url);
  const sampled = await query(SAMPLED);

  const names = await partitionTables({ url, partitions: 3 });

  expect(await readCatalog(url)).toEqual(before);
  const tables = await query(`
    SELECT relname AS name, relkind AS kind, (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = c.oid) AS parts
    FROM pg_class AS c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND EXISTS (
      SELECT FROM pg_index AS key
      JOIN pg_attribute AS led ON led.attrelid = c.oid AND led.attnum = key.indkey[0] AND led.attname = 'tenant_id'
      WHERE key.indrelid = c.oid AND key.indisprimary
    )
    ORDER BY relname`);
  expect(tables.length).toBeGreaterThan(15);
  expect(tables).toEqual(
    tables.map(({ name }) =>
      DIRECTORY.includes(name) ? { name, kind: "r", parts: 0 } : { name, kind: "p", parts: 3 },
    ),
  );
  expect(names).toEqual(tables.map(({ name }) => name).filter((name) => !DIRECTORY.includes(name)));
  // Of content there are none in a partition either.
  const parts = (name: string) => (names.includes(name) ? ["", "_p0", "_p1", "_p2"] : [""]);
  expect(await query(`${SAMPLED} ORDER BY 1, 2`)).toEqual(
    sampled
      .flatMap(({ table, column }) => parts(table).map((part) => ({ table: `${table}${part}`, column })))
      .toSorted((a, b) => (`${a.table} ${a.column}` < `${b.table} ${b.column}` ? -1 : 1)),
  );
});

test("what is in the tables comes along, and with what it was set to", async () => {
  const { url, db, query } = await migrated();
  const tenants = Array.from({ length: 12 }, () => randomUUID());
  for (const tenantId of tenants) {
    const chatId = randomUUID();
    await db.tenant.create({ data: { tenantId, name: "x" } });
    await db.transcript.create({
      data: { tenantId, chatId, messages: { create: { seq: 1, author: "a", body: "b" } } },
    });
    await db.chat.create({ data: { tenantId, id: chatId, title: "x", messageCount: 1 } });
    await db.event.create({ data: { tenantId, type: "chat.created", chatId } });
  }
  // Roles are of the whole server.
  const [owner, reader] = ["owner", "reader"].map((name) => `lethe_${name}_${randomUUID().slice(0, 8)}`);
  await query(`
    CREATE ROLE ${owner};
    CREATE ROLE ${reader};
    ALTER TABLE message OWNER TO ${owner};
    ALTER TABLE message SET (autovacuum_vacuum_scale_factor = 0.01);
    GRANT SELECT ON message TO ${reader}`);
  onTestFinished(async () => {
    await query(`DROP OWNED BY ${owner}, ${reader}; DROP ROLE ${owner}, ${reader}`);
  });
  const all = () =>
    Promise.all(
      [db.chat.findMany(), db.message.findMany(), db.transcript.findMany(), db.event.findMany()].map(
        async (rows) =>
          (await rows)
            .map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}` : value)))
            .toSorted(),
      ),
    );
  const before = await all();
  const last = await db.event.findFirstOrThrow({ orderBy: { id: "desc" } });

  await partitionTables({ url, partitions: 4 });

  expect(await all()).toEqual(before);
  expect((await query("SELECT DISTINCT tableoid FROM chat")).length).toBeGreaterThan(1);
  const [tenantId = ""] = tenants;
  expect((await db.event.create({ data: { tenantId, type: "chat.created" } })).id).toBe(last.id + 1n);
  const parts = ["message_p0", "message_p1", "message_p2", "message_p3"];
  const names = (sql: string) =>
    query(`SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND ${sql} ORDER BY 1`);
  const named = (list: string[]) => list.map((name) => ({ name }));
  expect(await names("reloptions::text LIKE '%autovacuum_vacuum_scale%'")).toEqual(named(parts));
  expect(await names(`relowner = '${owner}'::regrole`)).toEqual(named(["message", ...parts]));
  expect(
    await names(`has_table_privilege('${reader}', oid, 'SELECT') AND relnamespace = 'public'::regnamespace`),
  ).toEqual(named(["message", ...parts]));
  // Nothing of it is left half done, and once more there is nothing to do.
  expect(await partitionTables({ url, partitions: 4 })).toEqual([]);
  await expect(partitionTables({ url, partitions: 8 })).rejects.toMatchObject({
    code: "partitioned",
    message: expect.stringMatching(/4 partitions each, not 8/),
  });
});

/** How many partitions of chats are looked into for a tenant that is known while the statement runs. */
const LOOKED_INTO = `
  EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, FORMAT text)
  SELECT FROM (SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id OFFSET 0) AS tenant
  JOIN chat ON chat.tenant_id = tenant.id`;

test("PostgreSQL 18 looks into all partitions, by a setting that is made up for at a start", async () => {
  const { url, query } = await migrated();
  const name = new URL(url).pathname.slice(1);
  const setting = async () => (await query("SHOW enable_partition_pruning"))[0]?.enable_partition_pruning;
  await migrate({ url });
  expect(await setting()).toBe("on");

  await partitionTables({ url, partitions: 3 });
  expect(await setting()).toBe("off");
  const plan = (await query(LOOKED_INTO)).map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan.match(/chat_p\d.*\n?.*/g)?.filter((line) => line.includes("never executed"))).toEqual([]);

  // As on a database that was partitioned before there was the setting, or was brought from an older server.
  const forget = () => query(`ALTER DATABASE ${name} RESET enable_partition_pruning`);
  await forget();
  await Promise.all([migrate({ url }), migrate({ url }), migrate({ url })]);
  expect(await setting()).toBe("off");

  await forget();
  const role = `lethe_guest_${randomUUID().slice(0, 8)}`;
  await query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT ON _prisma_migrations TO ${role}`);
  onTestFinished(async () => {
    await query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  const guest = new URL(url);
  guest.username = role;
  guest.password = "x";
  await expect(migrate({ url: guest.href })).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining(`ALTER DATABASE ${name} SET enable_partition_pruning = off`),
  });
});

test("migrations run on partitioned tables, and what they add is partitioned when it is asked for again", async () => {
  const url = await createEmptyDatabase();
  const migrations = await readMigrations();
  const client = await new Session({ url, applicationName: "lethe test", plans: "any" }).connect();
  await applyMigrations(url, client, stepsTo(migrations, new Set()).slice(0, 1));
  await client.end();
  const first = await partitionTables({ url, partitions: 3 });

  const { applied } = await migrate({ url });
  expect(applied).toEqual(migrations.current.slice(1).map(({ name }) => name));
  const second = await partitionTables({ url, partitions: 3 });
  expect(second).toContain("message_slice");

  const fresh = await migrated();
  expect([...first, ...second].toSorted()).toEqual(await partitionTables({ url: fresh.url, partitions: 3 }));
  expect(await readCatalog(url)).toEqual(await readCatalog(fresh.url));
});

test("tables that somebody uses stay as they are", async () => {
  const { url, query } = await migrated();
  const before = await readCatalog(url);
  await withPatience(url, async (other) => {
    await other.query("BEGIN; LOCK TABLE message IN ACCESS SHARE MODE");
    await expect(partitionTables({ url, partitions: 2, lockTimeoutMs: 100 })).rejects.toMatchObject({
      code: "timed_out",
      message: expect.stringMatching(/Stop all servers/),
    });
  });
  expect(await readCatalog(url)).toEqual(before);
  expect(await query("SELECT FROM pg_namespace WHERE nspname = 'lethe_whole'")).toEqual([]);
});
