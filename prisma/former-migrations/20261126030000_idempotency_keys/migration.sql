-- What callers may safely send again: a request under a key is done once, and its answer is kept for a day.
-- Neither the key nor the request can be read from here, and the answer has no content of a chat in it.
CREATE TABLE "idempotency_key" (
    "tenant_id" UUID NOT NULL,
    "api_key_id" UUID NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "seed" UUID NOT NULL DEFAULT gen_random_uuid(),
    "attempt" UUID NOT NULL,
    "locked_until" TIMESTAMPTZ(3) NOT NULL,
    "status" INTEGER,
    "answer" BYTEA,
    "chat_id" UUID,
    "seq" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("tenant_id", "api_key_id", "key_hash")
);

-- What is a day old is found without looking at the rest.
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_tenant_id_api_key_id_fkey"
    FOREIGN KEY ("tenant_id", "api_key_id") REFERENCES "api_key"("tenant_id", "id")
    ON DELETE CASCADE ON UPDATE CASCADE;
