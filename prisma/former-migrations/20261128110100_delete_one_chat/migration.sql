-- The rules of a deletion: what becomes of a chat, given what is known of it. Null for mine: nobody has locked anything,
-- it is only asked; for versions: any will do; for except_versions: none is excepted.
--
-- An expression, so that PostgreSQL makes it a part of whatever asks.
CREATE FUNCTION deletion_outcome(
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
      JOIN gateway ON gateway.id = connection.gateway_id
      WHERE connection.tenant_id = request.tenant_id AND connection.chat_id = request.chat_id
        AND NOT gateway.lapsed
    ) AS live
  ) AS judged
$$;

-- What delete_chats does for a set, for a set of one, in some two thirds of the time: there is no set to be unpacked, and
-- each row is found by its key in a statement of its own.
CREATE FUNCTION delete_chat(
  of_tenant uuid, of_chat uuid, under_id uuid, by_force boolean, versions integer[], except_versions integer[],
  by_kind text, by_id text, by_way text, chat_budget integer
)
RETURNS TABLE (
  outcome text,
  deletion_id uuid,
  deleted_at timestamptz,
  erased_at timestamptz,
  message_count integer,
  active_connections integer,
  export_checksum text
)
LANGUAGE plpgsql VOLATILE
-- As for a set.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
SET lock_timeout = '250ms'
AS $$
#variable_conflict use_column
DECLARE
  door chat;
  moment timestamptz(3);
BEGIN
  -- The row as it is once it is locked: from here on nobody opens a connection and nobody writes a message.
  SELECT * INTO door FROM chat
  WHERE chat.tenant_id = of_tenant AND chat.id = of_chat
  FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    outcome := deletion_outcome(
      EXISTS (SELECT FROM chat WHERE chat.tenant_id = of_tenant AND chat.id = of_chat), false,
      NULL, NULL, NULL, NULL, NULL, NULL
    );
    RETURN NEXT;
    RETURN;
  END IF;

  moment := clock_timestamp();

  -- A statement of its own, so that its snapshot has what was committed before the lock was ours.
  active_connections := (
    SELECT count(*)
    FROM connection
    JOIN gateway ON gateway.id = connection.gateway_id
    WHERE connection.tenant_id = of_tenant AND connection.chat_id = of_chat AND NOT gateway.lapsed
  );
  outcome := deletion_outcome(
    true, true, door.held_at IS NOT NULL, door.version, versions, except_versions, active_connections, by_force
  );
  IF outcome = 'deleted' THEN
    deletion_id := under_id;
    deleted_at := moment;
    message_count := door.message_count;
    -- Only of an export that is exactly what is deleted now.
    export_checksum := CASE WHEN door.export_version = door.version THEN door.export_checksum END;
    DELETE FROM chat WHERE chat.tenant_id = of_tenant AND chat.id = of_chat;
    IF door.message_count <= chat_budget THEN
      erased_at := moment;
      DELETE FROM transcript WHERE transcript.tenant_id = of_tenant AND transcript.chat_id = of_chat;
    END IF;
    INSERT INTO deletion (
      tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at, export_checksum
    ) VALUES (
      of_tenant, under_id, of_chat, by_kind, by_id, by_way, by_force, door.message_count, moment, delete_chat.erased_at,
      delete_chat.export_checksum
    );
    INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
    VALUES (of_tenant, 'chat.deleted', of_chat, under_id, moment);
  END IF;
  RETURN NEXT;
END
$$;
