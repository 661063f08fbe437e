-- What write_message does for one message, for a set of chats of any tenants, each of which is named once: `counts` messages
-- for each of them, which begin at `firsts` of `ids`, `authors`, `bodies` and `terms` (each as PostgreSQL writes an array).
-- It answers a row for each chat that was written in, by its place in the set: the seq of the one before its first
-- message, and the time of all of them.
--
-- It never waits for a chat, nor then for anything that Lethe does: whoever deletes a transcript has locked its chat
-- first. So no two sets, and no set and a deletion, can wait for each other.
CREATE OR REPLACE FUNCTION write_messages(
  tenant_ids uuid[], chat_ids uuid[], firsts integer[], counts integer[],
  ids uuid[], authors text[], bodies text[], terms text[]
)
RETURNS TABLE (ordinal integer, chat_id uuid, last_seq integer, created_at timestamptz)
LANGUAGE plpgsql VOLATILE
-- As for one.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
-- A row that hangs on a chat and that somebody else has locked fails the whole set: soon, so that it can be tried
-- without that chat.
SET lock_timeout = '250ms'
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH free AS MATERIALIZED (
    SELECT given.ordinal, given.first, given.messages, chat.tenant_id, chat.id, chat.trashed_at
    FROM unnest(tenant_ids, chat_ids, firsts, counts) WITH ORDINALITY AS given (tenant_id, chat_id, first, messages, ordinal)
    CROSS JOIN LATERAL (
      -- Whether it is in the trash is asked afterwards: as for one.
      SELECT chat.tenant_id, chat.id, chat.trashed_at FROM chat
      WHERE chat.tenant_id = given.tenant_id AND chat.id = given.chat_id
      FOR NO KEY UPDATE SKIP LOCKED
    ) AS chat
  ),
  counted AS (
    UPDATE chat
    SET message_count = chat.message_count + free.messages,
        version = chat.version + free.messages,
        updated_at = greatest(chat.updated_at, clock_timestamp())
    FROM free
    WHERE chat.tenant_id = free.tenant_id AND chat.id = free.id AND free.trashed_at IS NULL
    RETURNING free.ordinal, free.first, free.messages, chat.tenant_id, chat.id,
      chat.message_count - free.messages AS last_seq, chat.updated_at
  ),
  written AS (
    INSERT INTO message (tenant_id, chat_id, seq, id, author, body, created_at, terms)
    SELECT place.tenant_id, place.id, place.last_seq + 1 + at - place.first, ids[at], authors[at], bodies[at],
      place.updated_at, ARRAY(SELECT term # place.mask FROM unnest(terms[at]::integer[]) AS term)
    FROM (
      SELECT counted.*, coalesce((
        SELECT message_slice.mask FROM message_slice
        WHERE message_slice.tenant_id = counted.tenant_id AND message_slice.since <= counted.updated_at
        ORDER BY message_slice.since DESC LIMIT 1
      ), 0) AS mask
      FROM counted
      OFFSET 0
    ) AS place
    CROSS JOIN LATERAL generate_series(place.first, place.first + place.messages - 1) AS at
    RETURNING tenant_id, chat_id, seq, created_at
  ),
  told AS (
    INSERT INTO event (tenant_id, type, chat_id, seq, at)
    SELECT tenant_id, 'message.created', chat_id, seq, created_at FROM written ORDER BY chat_id, seq
  )
  SELECT counted.ordinal::integer, counted.id, counted.last_seq, counted.updated_at::timestamptz FROM counted;
END
$$;
