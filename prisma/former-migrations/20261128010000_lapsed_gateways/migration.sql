-- A lease no longer ends by a time of day, which a clock that is set can move. It ends when others have watched it
-- for its length, each by a clock that only runs forward, and lease_expires_at has not moved: then one of them
-- sets this flag, and it is never taken back.
ALTER TABLE "gateway" ADD COLUMN "lapsed" BOOLEAN NOT NULL DEFAULT false;

-- As before, but for what a living gateway is.
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
-- Every row is found by its key, whatever the statistics say: those of a table that has grown since it was
-- last analyzed lead to a scan of all messages for each chat.
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz(3);
BEGIN
  -- Step 1: lock the doors, in key order so that two calls cannot wait for each other. From here on
  -- opening a connection (FOR KEY SHARE through its foreign key) and writing a message both wait.
  PERFORM 1
  FROM chat
  WHERE (chat.tenant_id, chat.id) IN (
    SELECT r.tenant_id, r.chat_id
    FROM jsonb_to_recordset(requests) AS r(tenant_id uuid, chat_id uuid)
  )
  ORDER BY chat.tenant_id, chat.id
  FOR UPDATE;

  moment := clock_timestamp();

  -- Step 2: judge every request, then close the doors that nothing blocks.
  RETURN QUERY
  WITH request AS (
    SELECT *
    FROM jsonb_to_recordset(requests) AS r(
      ordinal integer, deletion_id uuid, tenant_id uuid, chat_id uuid, force boolean,
      versions integer[], actor_kind text, actor_id text, via text
    )
  ),
  verdict AS (
    SELECT
      request.*,
      chat.message_count,
      -- Only of an export that is exactly what is deleted now.
      CASE WHEN chat.export_version = chat.version THEN chat.export_checksum END AS export_checksum,
      live.connections,
      CASE
        WHEN chat.id IS NULL THEN 'not_found'
        -- Whatever else is asked for, force included.
        WHEN chat.held_at IS NOT NULL THEN 'on_hold'
        WHEN request.versions IS NOT NULL AND chat.version <> ALL (request.versions) THEN 'precondition_failed'
        WHEN live.connections > 0 AND NOT request.force THEN 'active_connections'
        ELSE 'deleted'
      END AS outcome
    FROM request
    LEFT JOIN chat ON chat.tenant_id = request.tenant_id AND chat.id = request.chat_id
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS connections
      FROM connection
      JOIN gateway ON gateway.id = connection.gateway_id
      WHERE connection.tenant_id = request.tenant_id AND connection.chat_id = request.chat_id
        AND NOT gateway.lapsed
    ) AS live
  ),
  -- Of several requests for one chat the first that may delete it does; later ones find it gone.
  first AS (
    SELECT DISTINCT ON (verdict.tenant_id, verdict.chat_id) verdict.*
    FROM verdict
    WHERE verdict.outcome = 'deleted'
    ORDER BY verdict.tenant_id, verdict.chat_id, verdict.ordinal
  ),
  winner AS (
    SELECT
      first.*,
      first.message_count <= chat_budget AND sum(first.message_count) OVER (
        ORDER BY first.message_count, first.ordinal ROWS UNBOUNDED PRECEDING
      ) <= batch_budget AS erased_now
    FROM first
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
      tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at,
      export_checksum
    )
    SELECT
      closed.tenant_id, closed.deletion_id, closed.chat_id, closed.actor_kind, closed.actor_id,
      closed.via, closed.force, closed.message_count, moment,
      CASE WHEN closed.erased_now THEN moment END,
      closed.export_checksum
    FROM closed
    RETURNING
      deletion.tenant_id, deletion.chat_id, deletion.id, deletion.message_count, deletion.erased_at,
      deletion.export_checksum
  ),
  told AS (
    INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
    SELECT ledger.tenant_id, 'chat.deleted', ledger.chat_id, ledger.id, moment
    FROM ledger
  )
  SELECT
    verdict.ordinal,
    CASE
      WHEN winner.ordinal < verdict.ordinal THEN 'not_found'
      ELSE verdict.outcome
    END,
    ledger.id,
    CASE WHEN ledger.id IS NOT NULL THEN moment END,
    ledger.erased_at,
    ledger.message_count,
    verdict.connections,
    ledger.export_checksum
  FROM verdict
  LEFT JOIN winner ON winner.tenant_id = verdict.tenant_id AND winner.chat_id = verdict.chat_id
  LEFT JOIN ledger ON ledger.tenant_id = verdict.tenant_id AND ledger.id = verdict.deletion_id;
END
$$;
