-- Work in the background is done for tenants by turns. Who has something to do is found tenant by tenant, each by
-- one look into an index, however much there is to do for one of them.
DROP INDEX "chat_purge_idx";
CREATE INDEX "chat_purge_idx" ON "chat"("tenant_id", "purge_at") WHERE "purge_at" IS NOT NULL;
DROP INDEX "tenant_purge_stale_idx";
CREATE INDEX "tenant_purge_stale_idx" ON "tenant"("tenant_id") WHERE "purge_stale_since" IS NOT NULL;

-- Jobs of the version before, for single webhooks, deletion jobs and transcripts: nobody takes them any more. What
-- they were for stands in the tables, and is found there.
DO $$
BEGIN
  IF to_regclass('graphile_worker.jobs') IS NOT NULL THEN
    PERFORM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs
      WHERE task_identifier IN ('deliver_webhooks', 'run_deletion_job', 'erase_transcript')
    ));
  END IF;
END
$$;
