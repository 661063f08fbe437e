-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- Who created a chat, as they were called then. Of what was created before it is not known.
ALTER TABLE chat
  ADD COLUMN created_by_kind text,
  ADD COLUMN created_by_id text,
  ADD COLUMN created_by_name text;
-- A list by creation, and what is on hold, which is few.
CREATE INDEX chat_created_idx ON chat (tenant_id, created_at, id) WHERE trashed_at IS NULL;
CREATE INDEX chat_held_idx ON chat (tenant_id, held_at) WHERE held_at IS NOT NULL;

ALTER TABLE deletion_job
  ADD COLUMN held boolean,
  ADD COLUMN live boolean,
  ADD COLUMN created_by text,
  ADD COLUMN trashed_by text;
