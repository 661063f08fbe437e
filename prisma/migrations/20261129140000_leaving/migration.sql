-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- A tenant can leave. What stays of it is one row here.
ALTER TABLE tenant ADD COLUMN leaving_since timestamptz(3);

CREATE TABLE departure (
  tenant_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'closing',
  started_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  since timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  left_at timestamptz(3),
  hash bytea,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text,
  via text NOT NULL,
  job_id uuid,
  chats integer NOT NULL DEFAULT 0,
  messages bigint NOT NULL DEFAULT 0,
  ledger_digest text,
  receipt text,
  CONSTRAINT departure_pkey PRIMARY KEY (tenant_id)
);
CREATE INDEX departure_hash_idx ON departure (hash);
CREATE INDEX departure_open_idx ON departure (tenant_id) WHERE left_at IS NULL;
