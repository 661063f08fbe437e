-- What happened is written once for all webhooks of a tenant, and becomes deliveries when each of them has its turn.

-- Ids grow in the order of the commits: whoever writes them holds the lock of the fan-out until it has committed. Nothing
-- refers to the tenant, as with events: whoever writes for all waits for nobody's row. What is left of one that has gone
-- is for no webhook, and goes within a minute.
CREATE TABLE "webhook_message" (
  "tenant_id" UUID NOT NULL,
  "id" BIGSERIAL NOT NULL,
  "key" UUID NOT NULL DEFAULT gen_random_uuid(),
  "event_type" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "endpoint_ids" UUID[],
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "webhook_message_pkey" PRIMARY KEY ("tenant_id", "id")
);

-- A delivery is looked for by its id, and listed by its time, before it is there.
CREATE UNIQUE INDEX "webhook_message_tenant_id_key_key" ON "webhook_message"("tenant_id", "key");
CREATE INDEX "webhook_message_tenant_id_created_at_key_idx" ON "webhook_message"("tenant_id", "created_at", "key");

-- What was written for webhooks so far stands in their deliveries.
ALTER TABLE "webhook_endpoint"
  ADD COLUMN "last_message" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "last_expanded" BIGINT NOT NULL DEFAULT 0;
