-- Jobs that delete all chats that a filter matches: see docs/adr/0016-deletion-jobs.md.

CREATE TABLE "deletion_job" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'queued',
  "search" TEXT,
  "searched" BOOLEAN NOT NULL DEFAULT false,
  "chat_state" TEXT NOT NULL,
  "created_before" TIMESTAMPTZ(3),
  "created_after" TIMESTAMPTZ(3),
  "updated_before" TIMESTAMPTZ(3),
  "updated_after" TIMESTAMPTZ(3),
  "min_messages" INTEGER,
  "max_messages" INTEGER,
  "force" BOOLEAN NOT NULL DEFAULT false,
  "max_deletions" INTEGER,
  "actor_kind" TEXT NOT NULL,
  "actor_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "cancel_requested_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "error" TEXT,
  "counted" BOOLEAN NOT NULL DEFAULT false,
  "place" UUID,
  "matched" INTEGER NOT NULL DEFAULT 0,
  "processed" INTEGER NOT NULL DEFAULT 0,
  "deleted" INTEGER NOT NULL DEFAULT 0,
  "active_connections" INTEGER NOT NULL DEFAULT 0,
  "on_hold" INTEGER NOT NULL DEFAULT 0,
  "changed" INTEGER NOT NULL DEFAULT 0,
  "failed" INTEGER NOT NULL DEFAULT 0,
  "limit_reached" BOOLEAN NOT NULL DEFAULT false,

  CONSTRAINT "deletion_job_pkey" PRIMARY KEY ("tenant_id", "id")
);

CREATE TABLE "deletion_job_failure" (
  "tenant_id" UUID NOT NULL,
  "job_id" UUID NOT NULL,
  "chat_id" UUID NOT NULL,
  "outcome" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "deletion_job_failure_pkey" PRIMARY KEY ("tenant_id", "job_id", "chat_id")
);

ALTER TABLE "deletion_job" ADD CONSTRAINT "deletion_job_tenant_id_fkey"
  FOREIGN KEY ("tenant_id") REFERENCES "tenant"("tenant_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deletion_job_failure" ADD CONSTRAINT "deletion_job_failure_tenant_id_job_id_fkey"
  FOREIGN KEY ("tenant_id", "job_id") REFERENCES "deletion_job"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE INDEX "deletion_job_tenant_id_created_at_id_idx" ON "deletion_job"("tenant_id", "created_at", "id");
-- What has not ended is found without looking at what has.
CREATE INDEX "deletion_job_open_idx" ON "deletion_job"("tenant_id", "created_at") WHERE "finished_at" IS NULL;
