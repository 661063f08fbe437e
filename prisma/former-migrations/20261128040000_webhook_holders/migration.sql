-- A webhook is held by a process as a whole, and many at a time by each.

-- Who holds it until leased_until, and whether something came in meanwhile. Nobody but its holder changes due_at
-- while it is held, so that the index of what is due has nothing in it that somebody is at.
ALTER TABLE "webhook_endpoint"
  ADD COLUMN "leased_by" UUID,
  ADD COLUMN "news" BOOLEAN NOT NULL DEFAULT false;

-- Processes of the version before have noted in due_at what came in meanwhile. What they held is free again.
UPDATE "webhook_endpoint" SET "leased_until" = NULL, "due_at" = clock_timestamp()
WHERE "leased_until" IS NOT NULL AND "due_at" IS NOT NULL;

-- Leases that a clock has set too far ahead are found without looking at webhooks that nobody holds.
CREATE INDEX "webhook_endpoint_leased_idx" ON "webhook_endpoint"("leased_until") WHERE "leased_until" IS NOT NULL;
