-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- A tenant's messages are indexed in slices of time, so that the newest are found without a look at the others.
CREATE TABLE message_slice (
  tenant_id uuid NOT NULL,
  since timestamptz(3) NOT NULL,
  mask integer NOT NULL,
  size integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, since),
  FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- The numbers under which search finds a message, in its own row: they go with it, whoever erases it and whenever.
ALTER TABLE message ADD COLUMN terms integer[];
ALTER TABLE message ALTER COLUMN terms SET STATISTICS 0;
-- New ones wait in a list, which every search reads, and which is worked in every second in the background.
CREATE INDEX message_terms_idx ON message USING gin (terms) WITH (gin_pending_list_limit = 1024)
  WHERE terms IS NOT NULL;
-- Messages of before, and of servers that do not know of the index, have none yet: they get them in the background.
CREATE INDEX message_unindexed_idx ON message (tenant_id, chat_id, seq) WHERE terms IS NULL;
SELECT plan_message_slices(tenant_id) FROM tenant;
