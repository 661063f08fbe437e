-- The one place where chats are deleted, in a time that does not grow with the messages.
-- It answers one row for each request, in any order, by the rules of judge_deletions. The ordinal of a request is its
-- place in the array, from 0 on; what nobody judges by (actor_name, null: not known) is read there.
--
-- It never waits for a chat. One that somebody else has locked just now is left as it is (locked), whoever asked
-- for the others of the set: to ask again is the caller's part.
--
-- Messages are erased here if their chat has at most chat_budget of them and the call erases at most
-- batch_budget in all, small chats first. The other transcripts stay behind the closed door, and their line
-- in the ledger, with no erased_at, says that they are still to be erased. Nobody is notified of that here:
-- transactions that notify commit one after another.
CREATE OR REPLACE FUNCTION delete_chats(requests jsonb, chat_budget integer, batch_budget integer)
RETURNS TABLE (
  ordinal integer,
  outcome text,
  deletion_id uuid,
  deleted_at timestamptz,
  erased_at timestamptz,
  message_count integer,
  active_connections integer,
  export_checksum text
)
LANGUAGE plpgsql VOLATILE
-- Every row is found by its key, whatever the statistics say: see docs/adr/0032-plans-by-key.md.
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
DECLARE
  moment timestamptz(3);
  -- The requests, by their ordinals, whose chats are ours until the end of the transaction.
  mine integer[];
BEGIN
  -- Step 1: lock the doors that nobody else has locked. From here on nobody opens a connection (FOR KEY SHARE
  -- through its foreign key) and nobody writes a message.
  mine := ARRAY(
    SELECT r.ordinal
    FROM jsonb_to_recordset(requests) AS r(ordinal integer, tenant_id uuid, chat_id uuid)
    JOIN chat ON chat.tenant_id = r.tenant_id AND chat.id = r.chat_id
    FOR UPDATE OF chat SKIP LOCKED
  );

  moment := clock_timestamp();

  -- Step 2, a statement of its own, so that its snapshot has what was committed before the locks were ours: judge
  -- every request, then close the doors that nothing blocks.
  RETURN QUERY
  WITH verdict AS MATERIALIZED (
    SELECT * FROM judge_deletions(requests, mine)
  ),
  winner AS (
    SELECT
      verdict.*,
      verdict.message_count <= chat_budget AND sum(verdict.message_count) OVER (
        ORDER BY verdict.message_count, verdict.ordinal ROWS UNBOUNDED PRECEDING
      ) <= batch_budget AS erased_now
    FROM verdict
    WHERE verdict.outcome = 'deleted'
  ),
  closed AS (
    DELETE FROM chat
    USING winner
    WHERE chat.tenant_id = winner.tenant_id AND chat.id = winner.chat_id
    RETURNING winner.*
  ),
  erased_transcript AS (
    DELETE FROM transcript
    USING winner
    WHERE winner.erased_now
      AND transcript.tenant_id = winner.tenant_id AND transcript.chat_id = winner.chat_id
  ),
  ledger AS (
    INSERT INTO deletion (
      tenant_id, id, chat_id, actor_kind, actor_id, actor_name, via, forced, message_count, deleted_at, erased_at,
      export_checksum
    )
    SELECT
      closed.tenant_id, closed.deletion_id, closed.chat_id, closed.actor_kind, closed.actor_id,
      requests -> closed.ordinal ->> 'actor_name', closed.via, closed.force, closed.message_count, moment,
      CASE WHEN closed.erased_now THEN moment END,
      closed.export_checksum
    FROM closed
  ),
  told AS (
    INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
    SELECT closed.tenant_id, 'chat.deleted', closed.chat_id, closed.deletion_id, moment
    FROM closed
  )
  -- A winner is locked since step 1 and there in step 2, so it is deleted now: nothing is to be joined to know it.
  SELECT
    winner.ordinal, winner.outcome, winner.deletion_id, moment, CASE WHEN winner.erased_now THEN moment END,
    winner.message_count, winner.active_connections, winner.export_checksum
  FROM winner
  UNION ALL
  SELECT verdict.ordinal, verdict.outcome, NULL, NULL, NULL, NULL, verdict.active_connections, NULL
  FROM verdict
  WHERE verdict.outcome <> 'deleted';
END
$$;
