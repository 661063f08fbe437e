-- Writes a message at the end of a chat, if the chat is at one of `versions` and at none of `except_versions` (null: at any).
-- Under an idempotency key it does so for the attempt that the key's row names, and notes there what it has written.
-- It answers no row, and has done nothing, where the chat is not there, in the trash, at another version, or locked by
-- somebody else just now, and where the key is another attempt's: to look which is the caller's part.
CREATE OR REPLACE FUNCTION write_message(
  of_tenant uuid, of_chat uuid, by_author text, with_body text, with_terms integer[],
  versions integer[], except_versions integer[],
  under_api_key uuid, under_hash bytea, under_attempt uuid
)
RETURNS TABLE (message_id uuid, chat_id uuid, seq integer, created_at timestamptz)
LANGUAGE plpgsql VOLATILE
-- Every row is found by its key, whatever the statistics say: see docs/adr/0032-plans-by-key.md.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
SET jit = off
-- What hangs on the chat, or the key, and somebody else has locked.
SET lock_timeout = '250ms'
AS $$
#variable_conflict use_column
BEGIN
  IF under_attempt IS NOT NULL THEN
    PERFORM FROM idempotency_key
    WHERE idempotency_key.tenant_id = of_tenant AND idempotency_key.api_key_id = under_api_key
      AND idempotency_key.key_hash = under_hash AND idempotency_key.attempt = under_attempt
      AND idempotency_key.status IS NULL
    FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
  END IF;

  -- The time is the clock's, not the transaction's, which may have begun long before it got the lock: within a chat,
  -- times go up with seq.
  -- What must be true of the chat is asked of the row once it is locked, and not of the one that is changed: else
  -- PostgreSQL may look for it by an index of those of which it is true, in which it goes through all of the tenant.
  WITH free AS MATERIALIZED (
    SELECT chat.id, chat.version, chat.trashed_at FROM chat
    WHERE chat.tenant_id = of_tenant AND chat.id = of_chat
    FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE chat
  SET message_count = chat.message_count + 1,
      version = chat.version + 1,
      updated_at = greatest(chat.updated_at, clock_timestamp())
  WHERE chat.tenant_id = of_tenant
    AND chat.id = (
      SELECT free.id FROM free
      WHERE free.trashed_at IS NULL
        AND (versions IS NULL OR free.version = ANY (versions))
        AND (except_versions IS NULL OR free.version <> ALL (except_versions))
    )
  RETURNING chat.id, chat.message_count, chat.updated_at
  INTO write_message.chat_id, write_message.seq, write_message.created_at;
  IF NOT FOUND THEN RETURN; END IF;

  INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at, terms)
  VALUES (
    of_tenant, of_chat, write_message.seq, by_author, with_body, write_message.created_at,
    ARRAY(
      -- Numbers of before all slices are as they are.
      SELECT term # coalesce((
        SELECT message_slice.mask FROM message_slice
        WHERE message_slice.tenant_id = of_tenant AND message_slice.since <= write_message.created_at
        ORDER BY message_slice.since DESC LIMIT 1
      ), 0)
      FROM unnest(with_terms) AS term
    )
  )
  RETURNING message.id INTO write_message.message_id;

  INSERT INTO event (tenant_id, type, chat_id, seq, at)
  VALUES (of_tenant, 'message.created', of_chat, write_message.seq, write_message.created_at);

  IF under_attempt IS NOT NULL THEN
    UPDATE idempotency_key SET status = 201, chat_id = of_chat, seq = write_message.seq
    WHERE idempotency_key.tenant_id = of_tenant AND idempotency_key.api_key_id = under_api_key
      AND idempotency_key.key_hash = under_hash;
  END IF;
  RETURN NEXT;
END
$$;
