-- functions: 213984463b46ca0b847a1873738ea46f4692e63d5c16d5469d44f0080898b306

-- All tables of Lethe, in the order of prisma/schema.prisma, and what Prisma has no words for: partial indexes,
-- triggers, statistics. The functions are in prisma/functions, and are set before this is run.

-- purge_stale_since: since when purge_at of chats in the trash is still to be reckoned anew.
CREATE TABLE tenant (
  tenant_id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  trash_retention_days integer NOT NULL DEFAULT 30,
  purge_stale_since timestamptz(3),
  retention_days integer,
  retention_ran_at timestamptz(3),
  PRIMARY KEY (tenant_id)
);
-- What is due is found without looking at tenants that have nothing due.
CREATE INDEX tenant_purge_stale_idx ON tenant (tenant_id) WHERE purge_stale_since IS NOT NULL;
CREATE INDEX tenant_retention_idx ON tenant (retention_ran_at) WHERE retention_days IS NOT NULL;

-- A key is 256 random bits behind a readable prefix; only its SHA-256 is stored.
CREATE TABLE api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL,
  scopes text[],
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX api_key_hash_idx ON api_key (hash);

-- A browser signed in with an API key. The cookie holds the token, the table only its SHA-256.
CREATE TABLE session (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  api_key_id uuid NOT NULL,
  hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, api_key_id) REFERENCES api_key (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX session_hash_idx ON session (hash);
CREATE INDEX session_tenant_id_api_key_id_idx ON session (tenant_id, api_key_id);

-- A request that may be sent again under the same `Idempotency-Key`: done once, its answer kept for a day.
-- Key, request and answer cannot be read from the table: what they are hashed and sealed with is derived
-- from the API key as it is sent, which is stored nowhere. The sealed answer has no content of a chat in it.
CREATE TABLE idempotency_key (
  tenant_id uuid NOT NULL,
  api_key_id uuid NOT NULL,
  key_hash bytea NOT NULL,
  fingerprint bytea NOT NULL,
  seed uuid NOT NULL DEFAULT gen_random_uuid(),
  attempt uuid NOT NULL,
  locked_until timestamptz(3) NOT NULL,
  status integer,
  answer bytea,
  chat_id uuid,
  seq integer,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, api_key_id, key_hash),
  FOREIGN KEY (tenant_id, api_key_id) REFERENCES api_key (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX idempotency_key_created_at_idx ON idempotency_key (created_at);

-- The vault: what hangs on a chat hangs here, and is reached only through the chat's row.
CREATE TABLE transcript (
  tenant_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  erased_seq integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, chat_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE
);

-- The door: without this row nothing of the chat can be reached.
CREATE TABLE chat (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  title_folded text,
  message_count integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  trashed_at timestamptz(3),
  trashed_by_kind text,
  trashed_by_id text,
  purge_at timestamptz(3),
  held_at timestamptz(3),
  held_by_kind text,
  held_by_id text,
  hold_reason text,
  exported_at timestamptz(3),
  export_version integer,
  export_checksum text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES transcript (tenant_id, chat_id) ON UPDATE CASCADE
);
-- Each list has an index of its own, so that neither walks over the other's chats.
CREATE INDEX chat_active_idx ON chat (tenant_id, updated_at, id) WHERE trashed_at IS NULL;
CREATE INDEX chat_trashed_idx ON chat (tenant_id, trashed_at, id) WHERE trashed_at IS NOT NULL;
-- What is due, and what is still to be folded, is found without looking at the rest.
CREATE INDEX chat_purge_idx ON chat (tenant_id, purge_at) WHERE purge_at IS NOT NULL;
CREATE INDEX chat_unfolded_idx ON chat (tenant_id, id) WHERE title_folded IS NULL;
-- Statistics are samples of what a column holds, and outlive it: there are none of content, here and below.
ALTER TABLE chat
  ALTER COLUMN title SET STATISTICS 0,
  ALTER COLUMN title_folded SET STATISTICS 0,
  ALTER COLUMN hold_reason SET STATISTICS 0;
CREATE TRIGGER chat_unfold_title BEFORE UPDATE OF title ON chat FOR EACH ROW
WHEN (NEW.title IS DISTINCT FROM OLD.title AND NEW.title_folded IS NOT DISTINCT FROM OLD.title_folded)
EXECUTE FUNCTION unfold_title();
CREATE TRIGGER chat_copy_folded_title AFTER UPDATE OF title_folded ON chat FOR EACH ROW
WHEN (NEW.title_folded IS DISTINCT FROM OLD.title_folded)
EXECUTE FUNCTION copy_folded_title();

-- The numbers under which search finds a title: hashes of its parts, mixed with the tenant. A row of
-- its own, because every message writes the chat's row anew, and with it all that is indexed of it.
CREATE TABLE title_index (
  tenant_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  terms integer[],
  folded text,
  PRIMARY KEY (tenant_id, chat_id),
  FOREIGN KEY (tenant_id, chat_id) REFERENCES chat (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
-- New rows wait in a list of 256 kB at most, which every search reads and which is then worked in at once: entry by
-- entry it would cost several times as much.
CREATE INDEX title_index_terms_idx ON title_index USING gin (terms) WITH (gin_pending_list_limit = 256);
CREATE INDEX title_index_unfilled_idx ON title_index (tenant_id, chat_id) WHERE folded IS NULL;
ALTER TABLE title_index
  ALTER COLUMN terms SET STATISTICS 0,
  ALTER COLUMN folded SET STATISTICS 0;

-- `seq` counts from 1 within a chat without gaps: it is taken under the chat's row lock.
CREATE TABLE message (
  tenant_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  seq integer NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  author text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, chat_id, seq),
  FOREIGN KEY (tenant_id, chat_id) REFERENCES transcript (tenant_id, chat_id) ON UPDATE CASCADE ON DELETE CASCADE
);
ALTER TABLE message
  ALTER COLUMN author SET STATISTICS 0,
  ALTER COLUMN body SET STATISTICS 0;

-- A process that holds sockets. It renews one lease for all of them.
CREATE TABLE gateway (
  id uuid NOT NULL,
  host text NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  lease_expires_at timestamptz(3) NOT NULL,
  lapsed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (id)
);

-- An open WebSocket. It counts as live until its gateway has lapsed.
CREATE TABLE connection (
  tenant_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  id uuid NOT NULL,
  gateway_id uuid NOT NULL,
  opened_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, chat_id, id),
  FOREIGN KEY (gateway_id) REFERENCES gateway (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, chat_id) REFERENCES chat (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX connection_gateway_id_idx ON connection (gateway_id);

-- The ledger: one row for every deletion, written in the deleting transaction. It holds no content
-- and no foreign key, because it outlives what it tells of.
CREATE TABLE deletion (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  chat_id uuid NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  via text NOT NULL,
  forced boolean NOT NULL,
  message_count integer NOT NULL,
  deleted_at timestamptz(3) NOT NULL,
  erased_at timestamptz(3),
  export_checksum text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX deletion_pending_idx ON deletion (tenant_id, deleted_at, id) WHERE erased_at IS NULL;
CREATE UNIQUE INDEX deletion_tenant_id_chat_id_key ON deletion (tenant_id, chat_id);
CREATE INDEX deletion_tenant_id_deleted_at_id_idx ON deletion (tenant_id, deleted_at, id);

-- The deletion of all chats that a filter matches. Its counters and its place are written in the
-- transactions that delete.
CREATE TABLE deletion_job (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'queued',
  search text,
  searched boolean NOT NULL DEFAULT false,
  chat_state text NOT NULL,
  created_before timestamptz(3),
  created_after timestamptz(3),
  updated_before timestamptz(3),
  updated_after timestamptz(3),
  min_messages integer,
  max_messages integer,
  force boolean NOT NULL DEFAULT false,
  max_deletions integer,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at timestamptz(3),
  cancel_requested_at timestamptz(3),
  finished_at timestamptz(3),
  error text,
  counted boolean NOT NULL DEFAULT false,
  place uuid,
  matched integer NOT NULL DEFAULT 0,
  processed integer NOT NULL DEFAULT 0,
  deleted integer NOT NULL DEFAULT 0,
  active_connections integer NOT NULL DEFAULT 0,
  on_hold integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  limit_reached boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX deletion_job_ended_idx ON deletion_job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX deletion_job_open_idx ON deletion_job (tenant_id, created_at) WHERE finished_at IS NULL;
CREATE INDEX deletion_job_tenant_id_created_at_id_idx ON deletion_job (tenant_id, created_at, id);
ALTER TABLE deletion_job ALTER COLUMN search SET STATISTICS 0;

-- A chat that a job matched and did not delete, and why.
CREATE TABLE deletion_job_failure (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  chat_id uuid NOT NULL,
  outcome text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, job_id, chat_id),
  FOREIGN KEY (tenant_id, job_id) REFERENCES deletion_job (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- The outbox, written in the transaction of the change that it tells of. Events are thin: content is
-- read through the chat's row when an event is delivered, so the outbox cannot keep what was deleted.
CREATE TABLE event (
  tenant_id uuid NOT NULL,
  xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  id bigserial,
  type text NOT NULL,
  chat_id uuid,
  seq integer,
  deletion_id uuid,
  job_id uuid,
  at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  saw pg_snapshot DEFAULT pg_current_snapshot(),
  PRIMARY KEY (tenant_id, xid, id)
);
CREATE INDEX event_at_idx ON event (at);
CREATE INDEX event_xid_id_idx ON event (xid, id);

-- What all readers of the outbox share: one row.
CREATE TABLE feed_state (
  id integer NOT NULL DEFAULT 1,
  cursor_key bytea NOT NULL,
  pruned pg_snapshot NOT NULL DEFAULT '1:1:',
  PRIMARY KEY (id)
);
INSERT INTO feed_state (cursor_key)
VALUES (decode(replace(concat(gen_random_uuid(), gen_random_uuid()), '-', ''), 'hex'));

-- Names a life of the database server: one row in an unlogged table, which PostgreSQL empties when it recovers from a
-- crash or a standby takes over. Then transaction numbers that readers have seen may be given out again. A row that a
-- dump has brought here was not born here.
CREATE UNLOGGED TABLE feed_epoch (
  id integer NOT NULL DEFAULT 1,
  epoch uuid NOT NULL DEFAULT gen_random_uuid(),
  born xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (id)
);

-- A key that signs receipts of deletions, in JSON Web Keys (RFC 8037). One is active; of the retired only the
-- public half is left, for verification.
CREATE TABLE signing_key (
  kid text NOT NULL,
  public_jwk jsonb NOT NULL,
  private_jwk jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  retired_at timestamptz(3),
  PRIMARY KEY (kid),
  CONSTRAINT signing_key_retired CHECK ((private_jwk IS NULL) = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX signing_key_active_key ON signing_key ((retired_at IS NULL)) WHERE retired_at IS NULL;

-- Where a tenant wants to be told of what happened.
CREATE TABLE webhook_endpoint (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  event_types text[],
  enabled boolean NOT NULL DEFAULT true,
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  disabled_at timestamptz(3),
  disabled_reason text,
  failing_since timestamptz(3),
  due_at timestamptz(3),
  leased_by uuid,
  leased_until timestamptz(3),
  news boolean NOT NULL DEFAULT false,
  last_message bigint NOT NULL DEFAULT 0,
  last_expanded bigint NOT NULL DEFAULT 0,
  deleted_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX webhook_endpoint_deleted_idx ON webhook_endpoint (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX webhook_endpoint_due_idx ON webhook_endpoint (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_endpoint_leased_idx ON webhook_endpoint (leased_until) WHERE leased_until IS NOT NULL;

-- What a tenant's endpoints are to be told, once for all of them, until each has it as a delivery. Ids grow
-- in the order of the commits: whoever writes them holds the lock of the fan-out until it has committed. Nothing refers
-- to the tenant, as with events: whoever writes for all waits for nobody's row.
CREATE TABLE webhook_message (
  tenant_id uuid NOT NULL,
  id bigserial,
  key uuid NOT NULL DEFAULT gen_random_uuid(),
  event_type text NOT NULL,
  payload jsonb NOT NULL,
  endpoint_ids uuid[],
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_message_tenant_id_created_at_key_idx ON webhook_message (tenant_id, created_at, key);
CREATE UNIQUE INDEX webhook_message_tenant_id_key_key ON webhook_message (tenant_id, key);

-- What an endpoint was told or is to be told: ids, types and times, never content.
CREATE TABLE webhook_delivery (
  tenant_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  event_type text NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  attempts integer NOT NULL DEFAULT 0,
  step integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  next_attempt_at timestamptz(3),
  last_attempt_at timestamptz(3),
  last_status integer,
  last_error text,
  delivered_at timestamptz(3),
  PRIMARY KEY (tenant_id, endpoint_id, id),
  FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoint (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_created_at_idx ON webhook_delivery (created_at);
CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (tenant_id, endpoint_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_tenant_id_endpoint_id_created_at_id_idx ON webhook_delivery (tenant_id, endpoint_id, created_at, id);

-- How far the outbox has been turned into messages: one row.
CREATE TABLE webhook_position (
  id integer NOT NULL DEFAULT 1,
  seen pg_snapshot NOT NULL,
  moved_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id)
);
INSERT INTO webhook_position (seen)
VALUES (format('%1$s:%1$s:', pg_snapshot_xmin(pg_current_snapshot()))::pg_snapshot);
