-- Since when the days of the trash are others than those that purge_at was reckoned with; null: they are
-- the same for every chat in the trash.
ALTER TABLE "tenant" ADD COLUMN "purge_stale_since" TIMESTAMPTZ(3);

-- Tenants with work to do are found without looking at the others.
CREATE INDEX "tenant_purge_stale_idx" ON "tenant"("purge_stale_since") WHERE "purge_stale_since" IS NOT NULL;
