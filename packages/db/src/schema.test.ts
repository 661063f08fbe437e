import { expect, test } from "vitest";
import { z } from "zod";
import { schemaDiff } from "./migrate/schema-diff.ts";
import { createEmptyDatabase } from "./testing/create-empty-database.ts";
import { createTestDatabase } from "./testing/index.ts";
import { readCatalog } from "./testing/read-catalog.ts";
import { withPatience } from "./testing/start-test-server.ts";

/** What the migrations make and Prisma's schema language has no words for. */
const BEYOND_PRISMA = [
  "CREATE INDEX chat_active_idx ON public.chat USING btree (tenant_id, updated_at, id) WHERE (trashed_at IS NULL)",
  "CREATE INDEX chat_created_idx ON public.chat USING btree (tenant_id, created_at, id) WHERE (trashed_at IS NULL)",
  "CREATE INDEX chat_held_idx ON public.chat USING btree (tenant_id, held_at) WHERE (held_at IS NOT NULL)",
  "CREATE INDEX chat_purge_idx ON public.chat USING btree (tenant_id, purge_at) WHERE (purge_at IS NOT NULL)",
  "CREATE INDEX chat_trashed_idx ON public.chat USING btree (tenant_id, trashed_at, id) WHERE (trashed_at IS NOT NULL)",
  "CREATE INDEX chat_unfolded_idx ON public.chat USING btree (tenant_id, id) WHERE (title_folded IS NULL)",
  "CREATE INDEX deletion_exported_idx ON public.deletion USING btree (tenant_id, deleted_at, id) WHERE (exported_in IS NOT NULL)",
  "CREATE INDEX deletion_job_ended_idx ON public.deletion_job USING btree (finished_at) WHERE (finished_at IS NOT NULL)",
  "CREATE INDEX deletion_job_open_idx ON public.deletion_job USING btree (tenant_id, created_at) WHERE (finished_at IS NULL)",
  "CREATE INDEX deletion_pending_idx ON public.deletion USING btree (tenant_id, deleted_at, id) WHERE (erased_at IS NULL)",
  "CREATE INDEX departure_open_idx ON public.departure USING btree (tenant_id) WHERE (left_at IS NULL)",
  "CREATE INDEX message_terms_idx ON public.message USING gin (terms) WITH (gin_pending_list_limit='1024') WHERE (terms IS NOT NULL)",
  "CREATE INDEX message_unindexed_idx ON public.message USING btree (tenant_id, chat_id, seq) WHERE (terms IS NULL)",
  "CREATE INDEX tenant_ledger_retention_idx ON public.tenant USING btree (tenant_id) WHERE (ledger_retention_days IS NOT NULL)",
  "CREATE INDEX tenant_purge_stale_idx ON public.tenant USING btree (tenant_id) WHERE (purge_stale_since IS NOT NULL)",
  "CREATE INDEX tenant_retention_idx ON public.tenant USING btree (retention_ran_at) WHERE (retention_days IS NOT NULL)",
  "CREATE INDEX title_index_terms_idx ON public.title_index USING gin (terms) WITH (gin_pending_list_limit='256')",
  "CREATE INDEX title_index_unfilled_idx ON public.title_index USING btree (tenant_id, chat_id) WHERE (folded IS NULL)",
  "CREATE INDEX webhook_delivery_due_idx ON public.webhook_delivery USING btree (tenant_id, endpoint_id, next_attempt_at) WHERE (state = 'pending'::text)",
  "CREATE INDEX webhook_endpoint_deleted_idx ON public.webhook_endpoint USING btree (deleted_at) WHERE (deleted_at IS NOT NULL)",
  "CREATE INDEX webhook_endpoint_due_idx ON public.webhook_endpoint USING btree (due_at) WHERE (due_at IS NOT NULL)",
  "CREATE INDEX webhook_endpoint_leased_idx ON public.webhook_endpoint USING btree (leased_until) WHERE (leased_until IS NOT NULL)",
  "CREATE TRIGGER chat_copy_folded_title AFTER UPDATE OF title_folded ON public.chat FOR EACH ROW WHEN ((new.title_folded IS DISTINCT FROM old.title_folded)) EXECUTE FUNCTION copy_folded_title()",
  "CREATE TRIGGER chat_unfold_title BEFORE UPDATE OF title ON public.chat FOR EACH ROW WHEN (((new.title IS DISTINCT FROM old.title) AND (NOT (new.title_folded IS DISTINCT FROM old.title_folded)))) EXECUTE FUNCTION unfold_title()",
  "CREATE UNIQUE INDEX signing_key_active_key ON public.signing_key USING btree (((retired_at IS NULL))) WHERE (retired_at IS NULL)",
  "constraint invitation_role_check on invitation CHECK ((role = ANY (ARRAY['viewer'::text, 'member'::text, 'admin'::text, 'owner'::text])))",
  "constraint member_role_check on member CHECK ((role = ANY (ARRAY['viewer'::text, 'member'::text, 'admin'::text, 'owner'::text])))",
  "constraint signing_key_retired on signing_key CHECK (((private_jwk IS NULL) = (retired_at IS NOT NULL)))",
  "function copy_folded_title()",
  "function delete_chat(uuid,uuid,uuid,boolean,integer[],integer[],text,text,text,integer)",
  "function delete_chat(uuid,uuid,uuid,boolean,integer[],integer[],text,text,text,text,integer)",
  "function delete_chats(jsonb,integer,integer)",
  "function deletion_outcome(boolean,boolean,boolean,integer,integer[],integer[],integer,boolean)",
  "function find_messages(uuid,integer[],boolean,timestamp with time zone,uuid,integer,integer,interval,uuid[])",
  "function judge_deletions(jsonb,integer[])",
  "function messages_with_terms(regclass,integer[],integer[])",
  "function missed_events(uuid,pg_snapshot,bigint,bigint,pg_snapshot,integer)",
  "function part_of_tenant(regclass,uuid)",
  "function plan_message_slices(uuid)",
  "function preview_deletions(jsonb)",
  "function search_messages(uuid,integer[],boolean,timestamp with time zone,uuid,integer,integer,interval)",
  "function search_titles(uuid,integer[],boolean,text,integer,integer)",
  "function sees_pruned(pg_snapshot)",
  "function snapshot_of(bigint,bigint[])",
  "function under_way(pg_snapshot)",
  "function unfold_title()",
  "function unread_events(pg_snapshot,integer)",
  "function write_message(uuid,uuid,text,text,integer[],integer[],integer[],uuid,bytea,uuid)",
  "function write_messages(uuid[],uuid[],integer[],integer[],uuid[],text[],text[],text[])",
  "unlogged feed_epoch",
];

/** A gateway serves all tenants, a key signs for all, the outbox is read for all at once, and people may belong to many. */
const WITHOUT_TENANT = [
  "connection_gateway_id_fkey",
  "feed_epoch_pkey",
  "feed_state_pkey",
  "gateway_pkey",
  "member_person_id_fkey",
  "person_account_person_id_fkey",
  "person_account_pkey",
  "person_pkey",
  "person_session_person_id_fkey",
  "person_session_pkey",
  "second_factor_person_id_fkey",
  "second_factor_pkey",
  "signing_key_pkey",
  "verification_pkey",
  "webhook_position_pkey",
];

const query = async <T extends z.ZodType>(sql: string, row: T): Promise<z.infer<T>[]> => {
  const { url, drop } = await createTestDatabase();
  const { rows } = await withPatience(url, (client) => client.query(sql));
  await drop();
  return z.array(row).parse(rows);
};

test("the migrations make what Prisma's schema says, and nothing unlisted beyond it", async () => {
  const migrated = await createTestDatabase();
  const declared = await createEmptyDatabase();
  const sql = await schemaDiff({ url: declared });
  expect(sql).toContain("CREATE TABLE");
  await withPatience(declared, (client) => client.query(sql));

  const inMigrations = await readCatalog(migrated.url);
  const inSchema = await readCatalog(declared);
  await migrated.drop();
  expect(inSchema.length).toBeGreaterThan(50);
  expect(inSchema.filter((line) => !inMigrations.includes(line))).toEqual([]);
  expect(inMigrations.filter((line) => !inSchema.includes(line))).toEqual(BEYOND_PRISMA);
});

test("the catalog shows every kind of difference", async () => {
  const url = await createEmptyDatabase();
  await withPatience(url, (client) =>
    client.query(`
      CREATE TYPE mood AS ENUM ('fine');
      CREATE TABLE a (id int PRIMARY KEY, name varchar(3) NOT NULL DEFAULT 'x', CHECK (id > 0));
      CREATE INDEX a_name ON a (name DESC) WHERE id > 1;
      CREATE TABLE b (a_id int UNIQUE REFERENCES a ON DELETE CASCADE);
      CREATE VIEW v AS TABLE a;
      CREATE SEQUENCE s;
      CREATE UNLOGGED TABLE u ();
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()`),
  );
  expect(await readCatalog(url)).toEqual([
    "CREATE INDEX a_name ON public.a USING btree (name DESC) WHERE (id > 1)",
    "CREATE TRIGGER t BEFORE INSERT ON public.a FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE UNIQUE INDEX a_pkey ON public.a USING btree (id)",
    "CREATE UNIQUE INDEX b_a_id_key ON public.b USING btree (a_id)",
    "column a.id integer not null",
    "column a.name character varying(3) not null default 'x'::character varying",
    "column b.a_id integer",
    "constraint a_id_check on a CHECK ((id > 0))",
    "constraint a_pkey on a PRIMARY KEY (id)",
    "constraint b_a_id_fkey on b FOREIGN KEY (a_id) REFERENCES a(id) ON DELETE CASCADE",
    "constraint b_a_id_key on b UNIQUE (a_id)",
    "extension plpgsql",
    "function f()",
    "sequence s",
    "type mood",
    "unlogged u",
    "view v",
  ]);
});

test("every foreign key has an index that serves its cascade", async () => {
  const keys = await query(
    `SELECT k.conname AS name, EXISTS (
       SELECT 1 FROM pg_index i
       WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
         AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
     ) AS served
     FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace`,
    z.object({ name: z.string(), served: z.boolean() }),
  );
  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter(({ served }) => !served)).toEqual([]);
});

test("every primary and foreign key leads with the tenant", async () => {
  const keys = await query(
    `SELECT k.conname AS name, a.attname AS leader
     FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype IN ('p', 'f') AND k.connamespace = 'public'::regnamespace
       AND k.conrelid <> '_prisma_migrations'::regclass
     ORDER BY k.conname`,
    z.object({ name: z.string(), leader: z.string() }),
  );
  expect(keys.length).toBeGreaterThan(10);
  const others = keys.filter(({ leader }) => leader !== "tenant_id");
  expect(others.map(({ name }) => name)).toEqual(WITHOUT_TENANT);
});
