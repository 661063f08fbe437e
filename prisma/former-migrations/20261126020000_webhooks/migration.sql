-- Tells other programs of what happened, over HTTP.

-- Where a tenant wants to be told. due_at and leased_until are what deliveries are worked on by: something is
-- to be sent at due_at, and until leased_until a process is at it.
CREATE TABLE "webhook_endpoint" (
  "tenant_id" UUID NOT NULL,
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "url" TEXT NOT NULL,
  "description" TEXT NOT NULL DEFAULT '',
  "event_types" TEXT[],
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "secret" TEXT NOT NULL,
  "previous_secret" TEXT,
  "previous_secret_until" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "disabled_at" TIMESTAMPTZ(3),
  "disabled_reason" TEXT,
  "failing_since" TIMESTAMPTZ(3),
  "due_at" TIMESTAMPTZ(3),
  "leased_until" TIMESTAMPTZ(3),
  "deleted_at" TIMESTAMPTZ(3),

  CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("tenant_id", "id"),
  CONSTRAINT "webhook_endpoint_tenant_id_fkey" FOREIGN KEY ("tenant_id")
    REFERENCES "tenant"("tenant_id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "webhook_endpoint_due_idx" ON "webhook_endpoint"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "webhook_endpoint_deleted_idx" ON "webhook_endpoint"("deleted_at") WHERE "deleted_at" IS NOT NULL;

-- The log of what was told or is to be told. Its payload has ids, types and times, and never content.
CREATE TABLE "webhook_delivery" (
  "tenant_id" UUID NOT NULL,
  "endpoint_id" UUID NOT NULL,
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "event_type" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'pending',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "step" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "next_attempt_at" TIMESTAMPTZ(3),
  "last_attempt_at" TIMESTAMPTZ(3),
  "last_status" INTEGER,
  "last_error" TEXT,
  "delivered_at" TIMESTAMPTZ(3),

  CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("tenant_id", "endpoint_id", "id"),
  CONSTRAINT "webhook_delivery_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id")
    REFERENCES "webhook_endpoint"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "webhook_delivery_tenant_id_endpoint_id_created_at_id_idx"
  ON "webhook_delivery"("tenant_id", "endpoint_id", "created_at", "id");
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery"("created_at");
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery"("tenant_id", "endpoint_id", "next_attempt_at")
  WHERE "state" = 'pending';

-- How far the outbox has been turned into deliveries: one row for all tenants.
CREATE TABLE "webhook_position" (
  "id" INTEGER NOT NULL DEFAULT 1,
  "xid" BIGINT NOT NULL,
  "event_id" BIGINT NOT NULL,
  "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "webhook_position_pkey" PRIMARY KEY ("id")
);

INSERT INTO "webhook_position" ("xid", "event_id")
VALUES (pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0);
