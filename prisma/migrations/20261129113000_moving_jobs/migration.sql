-- functions: dbeda9816accd1c8ad1258deb990b92f7d5fc4d08968bc7a793a6a2d0c34bc3e

-- Jobs of the kinds trash and restore move chats: how many, and whose chats they bring back.
ALTER TABLE deletion_job
  ADD COLUMN exported_after timestamptz(3),
  ADD COLUMN undo_of uuid,
  ADD COLUMN moved integer NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN trash_job_id uuid;
