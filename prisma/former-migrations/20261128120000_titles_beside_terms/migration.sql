-- A search throws away in the index's table what only has the parts: see docs/adr/0026-search.md.

-- The title as it is compared, as in chat.title_folded; null: not yet, then the chat's is looked at.
ALTER TABLE "title_index" ADD COLUMN "folded" TEXT;
ALTER TABLE "title_index" ALTER COLUMN "folded" SET STATISTICS 0;

-- What is still to be filled in is found without looking at the rest.
CREATE INDEX "title_index_unfilled_idx" ON "title_index"("tenant_id", "chat_id") WHERE "folded" IS NULL;

-- A server that does not know of the column gives a chat another title.
CREATE FUNCTION copy_folded_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE title_index SET folded = NEW.title_folded
  WHERE tenant_id = NEW.tenant_id AND chat_id = NEW.id AND folded IS DISTINCT FROM NEW.title_folded;
  RETURN NULL;
END
$$;

CREATE TRIGGER "chat_copy_folded_title" AFTER UPDATE OF "title_folded" ON "chat" FOR EACH ROW
WHEN (NEW.title_folded IS DISTINCT FROM OLD.title_folded)
EXECUTE FUNCTION copy_folded_title();

-- The tenant's chats whose titles have all of some numbers, or any of them, and are LIKE the pattern; up to
-- most_found + 1. Null is one of them if more than most_read titles have the numbers: then there may be more. By the
-- index, whatever the statistics say.
CREATE FUNCTION search_titles(
  tenant uuid, wanted integer[], every boolean, pattern text, most_read integer, most_found integer
)
RETURNS TABLE (chat_id uuid)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'WITH seen AS MATERIALIZED (
       SELECT title.chat_id,
         title.tenant_id = $1 AND (title.folded IS NULL OR title.folded COLLATE "C" LIKE $3) AS hit
       FROM title_index AS title WHERE title.terms %s $2 LIMIT $4 + 1
     )
     (SELECT seen.chat_id FROM seen WHERE seen.hit LIMIT $5 + 1)
     UNION ALL SELECT NULL WHERE (SELECT count(*) FROM seen) > $4',
    CASE WHEN every THEN '@>' ELSE '&&' END
  ) USING tenant, wanted, pattern, most_read, most_found;
END
$$;
