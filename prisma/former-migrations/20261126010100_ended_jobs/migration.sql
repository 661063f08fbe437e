-- Jobs that ended long ago are found without looking at the others.
CREATE INDEX "deletion_job_ended_idx" ON "deletion_job"("finished_at") WHERE "finished_at" IS NOT NULL;
