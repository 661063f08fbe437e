-- Search in titles by the form in which a person sees them, over an index: see docs/adr/0026-search.md.

-- The title as packages/text folds it, for comparing; null: not yet, or written by a server that does not know of it.
ALTER TABLE "chat" ADD COLUMN "title_folded" TEXT;

-- What is still to be folded is found without looking at the rest.
CREATE INDEX "chat_unfolded_idx" ON "chat"("tenant_id", "id") WHERE "title_folded" IS NULL;

-- A server that does not know of folded titles gives a chat another title and leaves the folded one. (So does one that
-- changes nothing but the case; then it is folded once more.)
CREATE FUNCTION unfold_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.title_folded := NULL;
  RETURN NEW;
END
$$;

CREATE TRIGGER "chat_unfold_title" BEFORE UPDATE OF "title" ON "chat" FOR EACH ROW
WHEN (NEW.title IS DISTINCT FROM OLD.title AND NEW.title_folded IS NOT DISTINCT FROM OLD.title_folded)
EXECUTE FUNCTION unfold_title();

-- The numbers under which a title is found: hashes of its parts, mixed with the tenant. A row of its own, because every
-- message writes the chat's row anew, and with it all that is indexed of it. It goes in the instant in which the chat goes.
CREATE TABLE "title_index" (
    "tenant_id" UUID NOT NULL,
    "chat_id" UUID NOT NULL,
    "terms" INTEGER[],

    CONSTRAINT "title_index_pkey" PRIMARY KEY ("tenant_id","chat_id")
);
ALTER TABLE "title_index" ADD CONSTRAINT "title_index_tenant_id_chat_id_fkey" FOREIGN KEY ("tenant_id", "chat_id") REFERENCES "chat"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- New rows wait in a list of 256 kB at most, which every search reads and which is then worked in at once: entry by
-- entry it would cost several times as much.
CREATE INDEX "title_index_terms_idx" ON "title_index" USING GIN ("terms") WITH (gin_pending_list_limit = 256);

-- Titles that have all of some numbers, or any of them, up to so many: by the index, whatever the statistics say.
CREATE FUNCTION find_titles(wanted integer[], every boolean, most integer)
RETURNS TABLE (tenant_id uuid, chat_id uuid)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
  IF every THEN
    RETURN QUERY SELECT title.tenant_id, title.chat_id FROM title_index AS title WHERE title.terms @> wanted LIMIT most;
  ELSE
    RETURN QUERY SELECT title.tenant_id, title.chat_id FROM title_index AS title WHERE title.terms && wanted LIMIT most;
  END IF;
END
$$;

-- Statistics are samples, and outlive what they are taken from. Nothing is planned by these.
ALTER TABLE "chat" ALTER COLUMN "title_folded" SET STATISTICS 0;
ALTER TABLE "title_index" ALTER COLUMN "terms" SET STATISTICS 0;
