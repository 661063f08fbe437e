-- The one place where chats are deleted. It answers one row for each request, in any order.
--
-- requests: a JSON array of
--   { ordinal, deletion_id, tenant_id, chat_id, force, versions (null: any), actor_kind, actor_id, via }
-- outcome: deleted | not_found | precondition_failed | active_connections
--
-- It is a function because the two steps must be one transaction in one round trip, and because each
-- statement of a VOLATILE function takes a snapshot of its own under READ COMMITTED. Step 2 must not
-- see the database as it was before step 1 had its locks: a connection that was opened meanwhile
-- would be missed.
CREATE FUNCTION delete_chats(requests jsonb)
RETURNS TABLE (
  ordinal integer,
  outcome text,
  deletion_id uuid,
  deleted_at timestamptz,
  erased_at timestamptz,
  message_count integer,
  active_connections integer
)
LANGUAGE plpgsql VOLATILE AS $$
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
  live AS (
    SELECT connection.tenant_id, connection.chat_id, count(*)::integer AS connections
    FROM connection
    JOIN gateway ON gateway.id = connection.gateway_id
    WHERE gateway.lease_expires_at > moment
      AND (connection.tenant_id, connection.chat_id) IN (SELECT request.tenant_id, request.chat_id FROM request)
    GROUP BY connection.tenant_id, connection.chat_id
  ),
  verdict AS (
    SELECT
      request.*,
      coalesce(live.connections, 0) AS connections,
      CASE
        WHEN chat.id IS NULL THEN 'not_found'
        WHEN request.versions IS NOT NULL AND chat.version <> ALL (request.versions) THEN 'precondition_failed'
        WHEN live.connections > 0 AND NOT request.force THEN 'active_connections'
        ELSE 'deleted'
      END AS outcome
    FROM request
    LEFT JOIN chat ON chat.tenant_id = request.tenant_id AND chat.id = request.chat_id
    LEFT JOIN live ON live.tenant_id = request.tenant_id AND live.chat_id = request.chat_id
  ),
  -- Of several requests for one chat the first that may delete it does; later ones find it gone.
  winner AS (
    SELECT DISTINCT ON (verdict.tenant_id, verdict.chat_id) verdict.*
    FROM verdict
    WHERE verdict.outcome = 'deleted'
    ORDER BY verdict.tenant_id, verdict.chat_id, verdict.ordinal
  ),
  closed AS (
    DELETE FROM chat
    USING winner
    WHERE chat.tenant_id = winner.tenant_id AND chat.id = winner.chat_id
    RETURNING chat.tenant_id, chat.id AS chat_id, chat.message_count
  ),
  erased_message AS (
    DELETE FROM message
    USING winner
    WHERE message.tenant_id = winner.tenant_id AND message.chat_id = winner.chat_id
  ),
  erased_transcript AS (
    DELETE FROM transcript
    USING winner
    WHERE transcript.tenant_id = winner.tenant_id AND transcript.chat_id = winner.chat_id
  ),
  ledger AS (
    INSERT INTO deletion (
      tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at
    )
    SELECT
      winner.tenant_id, winner.deletion_id, winner.chat_id, winner.actor_kind, winner.actor_id,
      winner.via, winner.force, closed.message_count, moment, moment
    FROM winner
    JOIN closed ON closed.tenant_id = winner.tenant_id AND closed.chat_id = winner.chat_id
    RETURNING deletion.tenant_id, deletion.chat_id, deletion.id, deletion.message_count
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
    CASE WHEN ledger.id IS NOT NULL THEN moment END,
    ledger.message_count,
    verdict.connections
  FROM verdict
  LEFT JOIN winner ON winner.tenant_id = verdict.tenant_id AND winner.chat_id = verdict.chat_id
  LEFT JOIN ledger ON ledger.tenant_id = verdict.tenant_id AND ledger.id = verdict.deletion_id;
END
$$;
