-- functions: 9ae363a7b066547e84eb524c86e074771fb0356957cd2a332c804146fbbf4aed

-- CreateIndex
CREATE INDEX "deletion_tenant_id_actor_id_deleted_at_id_idx" ON "deletion"("tenant_id", "actor_id", "deleted_at", "id");
