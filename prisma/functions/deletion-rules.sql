-- The rules of a deletion: what becomes of a chat, given what is known of it. Null for mine: nobody has locked anything,
-- it is only asked; for versions: any will do; for except_versions: none is excepted.
--
-- An expression, so that PostgreSQL makes it a part of whatever asks.
CREATE OR REPLACE FUNCTION deletion_outcome(
  there boolean, mine boolean, held boolean, version integer, versions integer[], except_versions integer[],
  connections integer, force boolean
) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
  SELECT CASE
    WHEN NOT there THEN 'not_found'
    -- Nothing can be said of a chat that may be another in a moment.
    WHEN NOT mine THEN 'locked'
    -- Whatever else is asked for, force included.
    WHEN held THEN 'on_hold'
    WHEN version <> ALL (versions) OR version = ANY (except_versions) THEN 'precondition_failed'
    WHEN connections > 0 AND NOT force THEN 'active_connections'
    ELSE 'deleted'
  END
$$;

-- What becomes of each request of a set. delete_chats goes by it, and preview_deletions tells it.
--
-- requests: a JSON array of
--   { ordinal, deletion_id, tenant_id, chat_id, force, versions (null: any), except_versions (null: none),
--     actor_kind, actor_id, via }
-- mine: the ordinals of the requests whose chats the caller has locked; null: it has locked none and wants to know only
-- outcome: deleted | not_found | locked | on_hold | precondition_failed | active_connections
--
-- Plain SQL without settings of its own, so that PostgreSQL makes it a part of the statement that asks.
CREATE OR REPLACE FUNCTION judge_deletions(requests jsonb, mine integer[])
RETURNS TABLE (
  ordinal integer,
  outcome text,
  deletion_id uuid,
  tenant_id uuid,
  chat_id uuid,
  force boolean,
  actor_kind text,
  actor_id text,
  via text,
  message_count integer,
  export_checksum text,
  active_connections integer
)
LANGUAGE sql STABLE
AS $$
  SELECT
    judged.ordinal,
    CASE
      -- Of several requests for one chat the first that may delete it does; later ones find it gone.
      WHEN judged.ordinal > min(judged.ordinal) FILTER (WHERE judged.outcome = 'deleted') OVER (
        PARTITION BY judged.tenant_id, judged.chat_id
      ) THEN 'not_found'
      ELSE judged.outcome
    END,
    judged.deletion_id, judged.tenant_id, judged.chat_id, judged.force,
    judged.actor_kind, judged.actor_id, judged.via,
    judged.message_count, judged.export_checksum, judged.connections
  FROM (
    SELECT
      request.*,
      chat.message_count,
      -- Only of an export that is exactly what is deleted now.
      CASE WHEN chat.export_version = chat.version THEN chat.export_checksum END AS export_checksum,
      live.connections,
      deletion_outcome(
        chat.id IS NOT NULL, request.ordinal = ANY (mine), chat.held_at IS NOT NULL,
        chat.version, request.versions, request.except_versions, live.connections, request.force
      ) AS outcome
    FROM jsonb_to_recordset(requests) AS request(
      ordinal integer, deletion_id uuid, tenant_id uuid, chat_id uuid, force boolean,
      versions integer[], except_versions integer[], actor_kind text, actor_id text, via text
    )
    LEFT JOIN chat ON chat.tenant_id = request.tenant_id AND chat.id = request.chat_id
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS connections
      FROM connection
      -- Looked up for each connection, and not the other way: no plan goes through all connections of a gateway.
      CROSS JOIN LATERAL (
        SELECT FROM gateway WHERE gateway.id = connection.gateway_id AND NOT gateway.lapsed OFFSET 0
      ) AS holder
      WHERE connection.tenant_id = request.tenant_id AND connection.chat_id = request.chat_id
    ) AS live
  ) AS judged
$$;

-- What delete_chats would answer. It locks nothing and changes nothing.
CREATE OR REPLACE FUNCTION preview_deletions(requests jsonb)
RETURNS TABLE (ordinal integer, outcome text, message_count integer, active_connections integer)
LANGUAGE sql STABLE
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
  SELECT judged.ordinal, judged.outcome, judged.message_count, judged.active_connections
  FROM judge_deletions(requests, NULL) AS judged
$$;
