-- The keys that sign receipts: see docs/adr/0015-receipts-from-the-ledger.md.

CREATE TABLE "signing_key" (
    "kid" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_jwk" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("kid"),
    -- A retired key cannot sign: what it signed with is gone.
    CONSTRAINT "signing_key_retired" CHECK (("private_jwk" IS NULL) = ("retired_at" IS NOT NULL))
);

-- One key signs, however many processes make one at the same time.
CREATE UNIQUE INDEX "signing_key_active_key" ON "signing_key"(("retired_at" IS NULL)) WHERE "retired_at" IS NULL;
