import { randomUUID } from "node:crypto";
import { createClient } from "@lethe/db";
import { createTestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeOldJobs } from "../src/deletion-jobs/deletion-job-tasks.ts";
import { authenticateSession, claimCode, findSignedIn, listDeletionJobFailures } from "../src/index.ts";
import { contextOf, openStore, tenantId } from "./grown-store.ts";
import { flush, lookedAtDuring } from "./looked-at.ts";
import { addPerson, signIn } from "./people.ts";

const size = 5_000;

/** Of tables that nobody has analyzed PostgreSQL thinks by rules of thumb; and a pooler keeps no settings. */
async function open() {
  const database = await createTestDatabase();
  const db = createClient({ url: database.url, poolSize: 1, idleTimeoutMs: 0, pooling: "transaction" });
  await openStore(database.db);
  await database.db.$executeRaw`
    WITH tenants AS (
      INSERT INTO tenant (tenant_id, name) SELECT gen_random_uuid(), 'x' FROM generate_series(1, ${size}::integer)
      RETURNING tenant_id
    ), keys AS (
      INSERT INTO api_key (tenant_id, name, prefix, hash, scopes)
      SELECT tenant_id, 'x', 'x', sha256(tenant_id::text::bytea), ARRAY['chats:read'] FROM tenants
      RETURNING tenant_id, id, hash
    ), jobs AS (
      INSERT INTO deletion_job (tenant_id, kind, state, chat_state, actor_kind, actor_id, finished_at)
      SELECT tenant_id, 'bulk', 'finished', 'any', 'api_key', 'x', now() FROM tenants
      RETURNING tenant_id, id
    ), failures AS (
      INSERT INTO deletion_job_failure (tenant_id, job_id, chat_id, outcome)
      SELECT tenant_id, id, gen_random_uuid(), 'on_hold' FROM jobs
    ), waiting AS (
      INSERT INTO verification (identifier, value, expires_at)
      SELECT tenant_id::text, 'x', now() + interval '10 minutes' FROM tenants
    )
    INSERT INTO session (tenant_id, api_key_id, hash, expires_at)
    SELECT tenant_id, id, hash, now() + interval '1 day' FROM keys`;
  return { database, db };
}

let store: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  store = await open();
});
afterAll(async () => {
  await store.db.$disconnect();
  await store.database.drop();
});

/** Rows that are looked at while something is done. */
async function rowsOf(work: () => Promise<unknown>): Promise<number> {
  const { db, database } = store;
  return (await lookedAtDuring(database.db, work, () => flush(db))).rows;
}

test("whose session it is is found by the hash, among any number of keys and tenants", async () => {
  const { personId } = await addPerson(store.database.db, "Ada", tenantId);
  const token = await signIn(store.database.db, personId);
  expect(await rowsOf(() => authenticateSession(store.db, token))).toBeLessThan(20);
  expect(await rowsOf(() => findSignedIn(store.db, { cookie: token }))).toBeLessThan(20);
});

test("a code is claimed without a look at what others have to wait for", async () => {
  const { personId } = await addPerson(store.database.db, "Bob", tenantId);
  expect(await rowsOf(() => claimCode(store.db, { personId, code: "123456" }))).toBeLessThan(20);
});

/** A job that ended so many days ago, and what it could not delete. */
async function addJob({ daysAgo, failures }: { daysAgo: number; failures: number }) {
  const id = randomUUID();
  await store.database.db.$executeRaw`
    INSERT INTO deletion_job (tenant_id, id, kind, state, chat_state, actor_kind, actor_id, finished_at)
    VALUES (${tenantId}::uuid, ${id}::uuid, 'bulk', 'finished', 'any', 'api_key', 'x',
      now() - ${daysAgo}::integer * interval '1 day')`;
  await store.database.db.$executeRaw`
    INSERT INTO deletion_job_failure (tenant_id, job_id, chat_id, outcome)
    SELECT ${tenantId}::uuid, ${id}::uuid, gen_random_uuid(), 'on_hold' FROM generate_series(1, ${failures}::integer)`;
  return id;
}

test("old jobs are removed without a look at the failures of others", async () => {
  const id = await addJob({ daysAgo: 40, failures: 5 });
  expect(await rowsOf(() => removeOldJobs(store.db))).toBeLessThan(50);
  expect(await store.database.db.deletionJob.count({ where: { tenantId, id } })).toBe(0);
});

test("a page of a job's failures is read, and not all of them", async () => {
  const jobId = await addJob({ daysAgo: 0, failures: 5_000 });
  const page = { jobId, limit: 50 };
  const { nextCursor } = await listDeletionJobFailures(contextOf(store.database.db), page);
  for (const cursor of [null, nextCursor]) {
    const list = () => listDeletionJobFailures(contextOf(store.db), { ...page, cursor });
    expect(await rowsOf(list)).toBeLessThan(60);
  }
});
