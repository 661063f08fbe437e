-- The messages of all tenants in a part of the table that have all of some numbers, each mixed with one of the masks. A
-- partition has no name here, so what is asked of it is planned anew.
CREATE OR REPLACE FUNCTION messages_with_terms(part regclass, wanted integer[], masks integer[])
RETURNS TABLE (tenant_id uuid, chat_id uuid, seq integer, created_at timestamptz)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
  IF part = 'message'::regclass THEN
    RETURN QUERY
    SELECT message.tenant_id, message.chat_id, message.seq, message.created_at::timestamptz FROM message
    WHERE message.terms && ARRAY(SELECT wanted[1] # mask FROM unnest(masks) AS mask)
      AND message.terms && ARRAY(SELECT coalesce(wanted[2], wanted[1]) # mask FROM unnest(masks) AS mask)
      AND message.terms && ARRAY(SELECT coalesce(wanted[3], wanted[1]) # mask FROM unnest(masks) AS mask)
      AND message.terms && ARRAY(SELECT coalesce(wanted[4], wanted[1]) # mask FROM unnest(masks) AS mask);
  ELSE
    RETURN QUERY EXECUTE format(
      'SELECT message.tenant_id, message.chat_id, message.seq, message.created_at::timestamptz FROM %s AS message
       WHERE message.terms && ARRAY(SELECT $1[1] # mask FROM unnest($2) AS mask)
         AND message.terms && ARRAY(SELECT coalesce($1[2], $1[1]) # mask FROM unnest($2) AS mask)
         AND message.terms && ARRAY(SELECT coalesce($1[3], $1[1]) # mask FROM unnest($2) AS mask)
         AND message.terms && ARRAY(SELECT coalesce($1[4], $1[1]) # mask FROM unnest($2) AS mask)',
      part
    ) USING wanted, masks;
  END IF;
END
$$;

-- The tenant's messages that have all of some numbers, behind a place, newest first: up to `most`. It asks the index for a
-- slice of time, and then for as many at once as seem to have what is missing: each hit is compared with all of them. When
-- time is over the last row is where it has come to, and has no message. Messages are read through the chats' rows, each
-- by its key; found by the index, whatever the statistics say. Where `only_chats` are named nothing else is found.
CREATE OR REPLACE FUNCTION find_messages(
  of_tenant uuid, wanted integer[], trashed boolean,
  before_time timestamptz, before_chat uuid, before_seq integer, most integer, budget interval,
  only_chats uuid[]
)
RETURNS TABLE (chat_id uuid, title text, id uuid, seq integer, author text, body text, created_at timestamptz)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  deadline timestamptz := clock_timestamp() + budget;
  -- The slices that are asked next, how many have been asked, and how many rows they had.
  masks integer[];
  oldest timestamptz := before_time;
  next_size integer := 1;
  looked integer := 0;
  found_here integer;
  found_so_far integer := 0;
  part regclass := part_of_tenant('message', of_tenant);
BEGIN
  LOOP
    -- A slice whose beginning is the place has nothing behind it, but for the first time.
    SELECT array_agg(slice.mask), min(slice.since) INTO masks, oldest
    FROM (
      SELECT message_slice.mask, message_slice.since FROM message_slice
      WHERE message_slice.tenant_id = of_tenant
        AND (message_slice.since < oldest OR looked = 0 AND message_slice.since = oldest)
      ORDER BY message_slice.since DESC LIMIT next_size
    ) AS slice;
    IF coalesce(cardinality(masks), 0) < next_size THEN
      masks := masks || 0;
      oldest := 'epoch';
    END IF;

    RETURN QUERY
    SELECT chat.id, chat.title, message.id, message.seq, message.author, message.body, message.created_at::timestamptz
    FROM (
      SELECT seen.chat_id, seen.seq FROM messages_with_terms(part, wanted, masks) AS seen
      WHERE seen.tenant_id = of_tenant
        AND (only_chats IS NULL OR seen.chat_id = ANY (only_chats))
        AND (seen.created_at, seen.chat_id, seen.seq) < (before_time, before_chat, before_seq)
      ORDER BY seen.created_at DESC, seen.chat_id DESC, seen.seq DESC
    ) AS place
    CROSS JOIN LATERAL (
      SELECT chat.id, chat.title FROM chat
      WHERE chat.tenant_id = of_tenant AND chat.id = place.chat_id AND (chat.trashed_at IS NOT NULL) = trashed
      OFFSET 0
    ) AS chat
    CROSS JOIN LATERAL (
      SELECT message.* FROM message
      WHERE message.tenant_id = of_tenant AND message.chat_id = chat.id AND message.seq = place.seq
      OFFSET 0
    ) AS message
    LIMIT most - found_so_far;

    GET DIAGNOSTICS found_here = ROW_COUNT;
    found_so_far := found_so_far + found_here;
    EXIT WHEN found_so_far >= most OR oldest = 'epoch';
    IF clock_timestamp() >= deadline THEN
      RETURN QUERY SELECT NULL::uuid, NULL, NULL::uuid, NULL::integer, NULL, NULL, oldest;
      EXIT;
    END IF;
    looked := looked + next_size;
    next_size := least(16, looked + 1, 1 + (most - found_so_far) * looked / greatest(found_so_far, 1));
  END LOOP;
END
$$;

-- As servers of the version before call it. It goes with a later migration.
CREATE OR REPLACE FUNCTION search_messages(
  of_tenant uuid, wanted integer[], trashed boolean,
  before_time timestamptz, before_chat uuid, before_seq integer, most integer, budget interval
)
RETURNS TABLE (chat_id uuid, title text, id uuid, seq integer, author text, body text, created_at timestamptz)
LANGUAGE sql STABLE
AS $$
  SELECT * FROM find_messages(
    of_tenant, wanted, trashed, before_time, before_chat, before_seq, most, budget, NULL
  )
$$;

-- Cuts a tenant's time into slices of some 32,768 messages, by when its chats were written in. For a tenant of which no
-- message is in the index yet.
CREATE OR REPLACE FUNCTION plan_message_slices(of_tenant uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- A long chat was written in from its beginning to its end, a part at a time.
  INSERT INTO message_slice (tenant_id, since, mask, size)
  SELECT of_tenant, min(moment), random() * 4294967295 - 2147483648, sum(messages)
  FROM (
    SELECT part.moment, part.messages, (sum(part.messages) OVER (ORDER BY part.moment))::bigint / 32768 AS slice
    FROM chat
    CROSS JOIN LATERAL (SELECT 1 + chat.message_count / 8192 AS count) AS parts
    CROSS JOIN LATERAL (
      SELECT chat.created_at + n * (chat.updated_at - chat.created_at) / parts.count AS moment,
        chat.message_count::bigint / parts.count AS messages
      FROM generate_series(1, parts.count) AS n
    ) AS part
    WHERE chat.tenant_id = of_tenant
  ) AS part
  WHERE slice > 0
  GROUP BY slice
  ON CONFLICT DO NOTHING;
END
$$;
