-- What delete_chats does for a set, for a set of one, in some two thirds of the time: there is no set to be unpacked, and
-- each row is found by its key in a statement of its own.
CREATE OR REPLACE FUNCTION delete_chat(
  of_tenant uuid, of_chat uuid, under_id uuid, by_force boolean, versions integer[], except_versions integer[],
  by_kind text, by_id text, by_name text, by_way text, chat_budget integer
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
    -- Looked up for each connection, and not the other way: no plan goes through all connections of a gateway.
    CROSS JOIN LATERAL (
      SELECT FROM gateway WHERE gateway.id = connection.gateway_id AND NOT gateway.lapsed OFFSET 0
    ) AS holder
    WHERE connection.tenant_id = of_tenant AND connection.chat_id = of_chat
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
      tenant_id, id, chat_id, actor_kind, actor_id, actor_name, via, forced, message_count, deleted_at, erased_at,
      export_checksum
    ) VALUES (
      of_tenant, under_id, of_chat, by_kind, by_id, by_name, by_way, by_force, door.message_count, moment,
      delete_chat.erased_at, delete_chat.export_checksum
    );
    INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
    VALUES (of_tenant, 'chat.deleted', of_chat, under_id, moment);
  END IF;
  RETURN NEXT;
END
$$;

-- The same for a server that does not know what an actor was called.
CREATE OR REPLACE FUNCTION delete_chat(
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
LANGUAGE sql VOLATILE
SET lock_timeout = '250ms'
AS $$
  SELECT * FROM delete_chat(
    of_tenant, of_chat, under_id, by_force, versions, except_versions, by_kind, by_id, NULL::text, by_way, chat_budget
  )
$$;
