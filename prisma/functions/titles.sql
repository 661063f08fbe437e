-- The tenant's chats whose titles have all of some numbers, or any of them, and are LIKE the pattern; up to
-- most_found + 1. Null is one of them if more than most_read titles have the numbers: then there may be more. By the
-- index, whatever the statistics say; where the table is partitioned, by that of the tenant's partition alone.
CREATE OR REPLACE FUNCTION search_titles(
  tenant uuid, wanted integer[], every boolean, pattern text, most_read integer, most_found integer
)
RETURNS TABLE (chat_id uuid)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
  part regclass := part_of_tenant('title_index', tenant);
BEGIN
  RETURN QUERY EXECUTE format(
    'WITH seen AS MATERIALIZED (
       SELECT title.chat_id,
         title.tenant_id = $1 AND (title.folded IS NULL OR title.folded COLLATE "C" LIKE $3) AS hit
       FROM %s AS title WHERE title.terms %s $2 LIMIT $4 + 1
     )
     (SELECT seen.chat_id FROM seen WHERE seen.hit LIMIT $5 + 1)
     UNION ALL SELECT NULL WHERE (SELECT count(*) FROM seen) > $4',
    part, CASE WHEN every THEN '@>' ELSE '&&' END
  ) USING tenant, wanted, pattern, most_read, most_found;
END
$$;

-- A server that does not know of folded titles gives a chat another title and leaves the folded one. (So does one that
-- changes nothing but the case; then it is folded once more.)
CREATE OR REPLACE FUNCTION unfold_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.title_folded := NULL;
  RETURN NEW;
END
$$;

-- A server that does not know of the column gives a chat another title.
CREATE OR REPLACE FUNCTION copy_folded_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE title_index SET folded = NEW.title_folded
  WHERE tenant_id = NEW.tenant_id AND chat_id = NEW.id AND folded IS DISTINCT FROM NEW.title_folded;
  RETURN NULL;
END
$$;
