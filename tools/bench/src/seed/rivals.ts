import type { BenchDatabase } from "../rig/postgres.ts";
import { body, type ChatSet, type Credentials, chatIdSql, createdAt } from "./lethe.ts";

/** What anyone would write for chats and messages: one foreign key that cascades, and an index that serves it. */
const schema = `
  CREATE TABLE api_key (hash bytea PRIMARY KEY, tenant_id uuid NOT NULL);
  CREATE TABLE chat (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    title text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  );
  CREATE INDEX chat_tenant_idx ON chat (tenant_id, updated_at, id);
  CREATE TABLE message (
    chat_id uuid NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    seq integer NOT NULL,
    author text NOT NULL,
    body text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (chat_id, seq)
  )`;

async function createNaturalSchema(database: BenchDatabase, credentials: Credentials): Promise<void> {
  await database.run(schema);
  await database.run("INSERT INTO api_key VALUES ($1, $2)", [credentials.hash, credentials.tenantId]);
}

/** Empties the tables, for every measurement begins alike. */
const clearNatural = (database: BenchDatabase) => database.run("TRUNCATE chat, message");

/** Adds chats to a rival's tables with set-based statements; `counted`: a chat's row has the number of its messages. */
const seedRows =
  ({ counted }: { counted: boolean }) =>
  async (
    database: BenchDatabase,
    { tenantId }: Credentials,
    { label, chats, messages }: ChatSet,
  ): Promise<void> => {
    const ids = `SELECT n, ${chatIdSql(label, "n")} AS id FROM generate_series(0, ${chats - 1}) AS n`;
    const [column, value] = counted ? [", message_count", `, ${messages}`] : ["", ""];
    await database.run("SET session_replication_role = replica");
    await database.run(`
      INSERT INTO chat (id, tenant_id, title, created_at, updated_at${column})
      SELECT id, '${tenantId}', 'Chat ' || n, ${createdAt("n")}, ${createdAt("n")}${value} FROM (${ids}) AS c`);
    await database.run(`
      WITH c AS MATERIALIZED (${ids})
      INSERT INTO message (chat_id, seq, author, body)
      SELECT c.id, seq, 'Ada', ${body("seq")} FROM c, generate_series(1, ${messages}) AS seq`);
    await database.run("SET session_replication_role = DEFAULT");
  };

export const naturalTables = {
  create: createNaturalSchema,
  clear: clearNatural,
  seed: seedRows({ counted: false }),
};

/**
 * The tables of whoever keeps by hand what Lethe keeps in a deletion: chats with messages that a cascade deletes, live
 * connections, holds, a ledger and an outbox. The columns of a chat and of a message are those of Lethe's answers.
 */
const tables = `
  CREATE TABLE api_key (
    id uuid PRIMARY KEY, tenant_id uuid NOT NULL, hash bytea NOT NULL UNIQUE, scopes text[] NOT NULL,
    expires_at timestamptz(3), revoked_at timestamptz(3)
  );
  CREATE TABLE chat (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    title text NOT NULL,
    message_count integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    created_by_kind text, created_by_id text, created_by_name text,
    trashed_at timestamptz(3), trashed_by_kind text, trashed_by_id text, trashed_by_name text, purge_at timestamptz(3),
    held_at timestamptz(3), held_by_kind text, held_by_id text, held_by_name text, hold_reason text,
    exported_at timestamptz(3), export_version integer, export_checksum text
  );
  CREATE INDEX chat_active_idx ON chat (tenant_id, updated_at, id) WHERE trashed_at IS NULL;
  CREATE TABLE message (
    chat_id uuid NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    seq integer NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    author text NOT NULL,
    body text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (chat_id, seq)
  );
  CREATE TABLE gateway (id uuid PRIMARY KEY, lapsed boolean NOT NULL DEFAULT false);
  CREATE TABLE connection (
    chat_id uuid NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    gateway_id uuid NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
    PRIMARY KEY (chat_id, id)
  );
  CREATE INDEX connection_gateway_idx ON connection (gateway_id);
  CREATE TABLE deletion (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    chat_id uuid NOT NULL,
    actor_kind text NOT NULL, actor_id text NOT NULL, via text NOT NULL,
    forced boolean NOT NULL,
    message_count integer NOT NULL,
    deleted_at timestamptz(3) NOT NULL,
    erased_at timestamptz(3),
    export_checksum text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, chat_id)
  );
  CREATE INDEX deletion_list_idx ON deletion (tenant_id, deleted_at, id);
  CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    type text NOT NULL,
    chat_id uuid, seq integer, deletion_id uuid,
    at timestamptz(3) NOT NULL DEFAULT now()
  );
  CREATE INDEX event_at_idx ON event (at)`;

/** One call does it all, in one round trip. Its statements see what was committed before the lock was theirs. */
const deleteChat = `
  CREATE FUNCTION delete_chat(
    _tenant_id uuid, _chat_id uuid, _force boolean, _deletion_id uuid, _actor_id text,
    OUT outcome text, OUT deleted_at timestamptz, OUT message_count integer, OUT active_connections integer,
    OUT export_checksum text
  )
  LANGUAGE plpgsql AS $$
  DECLARE
    door record;
    moment timestamptz(3);
  BEGIN
    SELECT chat.held_at, chat.message_count, chat.version, chat.export_version, chat.export_checksum
      INTO door
      FROM chat WHERE chat.id = _chat_id AND chat.tenant_id = _tenant_id FOR UPDATE;
    IF NOT FOUND THEN
      outcome := 'not_found';
      RETURN;
    END IF;
    IF door.held_at IS NOT NULL THEN
      outcome := 'on_hold';
      RETURN;
    END IF;
    SELECT count(*) INTO active_connections
      FROM connection JOIN gateway ON gateway.id = connection.gateway_id
      WHERE connection.chat_id = _chat_id AND NOT gateway.lapsed;
    IF active_connections > 0 AND NOT _force THEN
      outcome := 'active_connections';
      RETURN;
    END IF;
    moment := clock_timestamp();
    outcome := 'deleted';
    deleted_at := moment;
    message_count := door.message_count;
    IF door.export_version = door.version THEN export_checksum := door.export_checksum; END IF;
    DELETE FROM chat WHERE chat.id = _chat_id;
    INSERT INTO deletion VALUES (
      _tenant_id, _deletion_id, _chat_id, 'api_key', _actor_id, 'rest', _force, message_count, moment, moment,
      export_checksum
    );
    INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
      VALUES (_tenant_id, 'chat.deleted', _chat_id, _deletion_id, moment);
  END $$`;

async function createPeerSchema(database: BenchDatabase, credentials: Credentials): Promise<void> {
  await database.run(tables);
  await database.run(deleteChat);
  await database.run(
    "INSERT INTO api_key VALUES (gen_random_uuid(), $1, $2, '{chats:read,chats:write,chats:delete}')",
    [credentials.tenantId, credentials.hash],
  );
}

/** Empties the tables, for every measurement begins alike. */
const clearPeer = (database: BenchDatabase) =>
  database.run("TRUNCATE chat, message, connection, deletion, event");

export const peerTables = { create: createPeerSchema, clear: clearPeer, seed: seedRows({ counted: true }) };
