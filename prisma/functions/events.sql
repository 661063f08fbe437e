-- The transactions that were under way at a snapshot, in the numbers of events.
CREATE OR REPLACE FUNCTION under_way(snapshot pg_snapshot) RETURNS bigint[]
LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY(SELECT xip::text::bigint FROM pg_snapshot_xip(snapshot) AS xip) $$;

-- The snapshot that sees all transactions before a number but these.
CREATE OR REPLACE FUNCTION snapshot_of(next_xid bigint, but bigint[]) RETURNS pg_snapshot
LANGUAGE sql IMMUTABLE
AS $$
  SELECT format('%s:%s:%s', coalesce(min(xid), next_xid), next_xid, string_agg(xid::text, ',' ORDER BY xid))::pg_snapshot
  FROM (SELECT DISTINCT xid FROM unnest(but) AS xid WHERE xid < next_xid) AS unseen
$$;

-- Whether a snapshot sees every event that was ever pruned.
CREATE OR REPLACE FUNCTION sees_pruned(snapshot pg_snapshot) RETURNS boolean
LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$
  SELECT pg_snapshot_xmax(snapshot) >= pg_snapshot_xmax(pruned)
    AND NOT EXISTS (SELECT FROM pg_snapshot_xip(snapshot) AS xip WHERE pg_visible_in_snapshot(xip, pruned))
  FROM feed_state WHERE id = 1
$$;

-- The events of all tenants that a reader has not read, which has read all that the snapshot `seen` sees: those that can
-- be seen now, in the order of their ids, which within a chat is that of the commits. Always at least one row: what it
-- says of the reader comes with it.
--
-- When there are more than some `batch` of them, it is those up to an earlier moment, whole transactions as always. The
-- reader has then read all that `reading` sees.
CREATE OR REPLACE FUNCTION unread_events(seen pg_snapshot, batch integer)
RETURNS TABLE (
  now text, reading text, epoch uuid, forgotten boolean, kept boolean,
  tenant_id uuid, xid bigint, id bigint, type text, chat_id uuid, seq integer, deletion_id uuid, job_id uuid,
  at timestamptz, saw text
)
LANGUAGE plpgsql VOLATILE
-- By the indexes, whatever the statistics say: the outbox grows and shrinks faster than they follow.
SET enable_seqscan = off
SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  moment pg_snapshot := pg_current_snapshot();
  target pg_snapshot;
  writer bigint;
  old_under_way bigint[] := under_way(seen);
  old_end bigint := pg_snapshot_xmax(seen)::text::bigint;
  new_under_way bigint[] := under_way(moment);
  new_end bigint := pg_snapshot_xmax(moment)::text::bigint;
BEGIN
  -- An earlier moment is one that a statement saw which wrote one of the events: so it is one in which every chat's
  -- events were there up to some point. The earliest of a few, since one may have waited for long with its number.
  SELECT candidate.saw, candidate.xid INTO target, writer
  FROM (
    SELECT later.saw, later.xid
    FROM (
      SELECT event.saw, event.xid
      FROM event
      WHERE (event.xid, event.id) >= (old_end, 0) AND (event.xid, event.id) < (new_end, 0)
      ORDER BY event.xid, event.id
      OFFSET batch
    ) AS later
    WHERE pg_snapshot_xmax(later.saw)::text::bigint > old_end AND pg_snapshot_xmax(later.saw)::text::bigint < new_end
    LIMIT 20
  ) AS candidate
  ORDER BY pg_snapshot_xmax(candidate.saw)
  LIMIT 1;
  IF target IS NOT NULL THEN
    new_end := pg_snapshot_xmax(target)::text::bigint;
    -- A snapshot does not name its own transaction, and one that a dump has brought names those of another server.
    new_under_way := new_under_way || under_way(target) || writer;
    target := snapshot_of(new_end, new_under_way);
  END IF;

  RETURN QUERY
  SELECT
    moment::text, coalesce(target, moment)::text,
    (SELECT feed_epoch.epoch FROM feed_epoch WHERE feed_epoch.id = 1 AND feed_epoch.xmin = feed_epoch.born::xid),
    pg_snapshot_xmax(moment) < pg_snapshot_xmax(unread_events.seen),
    (SELECT sees_pruned(unread_events.seen)),
    unread.tenant_id, unread.xid, unread.id, unread.type, unread.chat_id, unread.seq, unread.deletion_id,
    unread.job_id, unread.at, unread.saw::text
  FROM (SELECT) AS always
  LEFT JOIN (
    -- Of transactions that were under way then and are not any more. Only one index serves this way to ask.
    SELECT late.*
    FROM unnest(old_under_way) AS ended(xid)
    CROSS JOIN LATERAL (
      SELECT event.*
      FROM event
      WHERE (event.xid, event.id) >= (ended.xid, 0) AND (event.xid, event.id) < (ended.xid + 1, 0)
    ) AS late
    WHERE ended.xid < new_end AND ended.xid <> ALL (new_under_way)
    UNION ALL
    SELECT event.*
    FROM event
    WHERE (event.xid, event.id) >= (old_end, 0) AND (event.xid, event.id) < (new_end, 0)
      AND event.xid <> ALL (new_under_way)
  ) AS unread ON true
  ORDER BY unread.id;
END
$$;

-- A tenant's events that a subscriber has missed, in the order of their ids: those that it has not been told (all
-- that seen sees, and of the transaction own_xid those up to own_id) and that the reader it follows from now on has
-- read (all that read_already sees). When there are more than `most` it is not said which of them come. Always at least
-- one row.
CREATE OR REPLACE FUNCTION missed_events(
  tenant uuid, seen pg_snapshot, own_xid bigint, own_id bigint, read_already pg_snapshot, most integer
)
RETURNS TABLE (
  kept boolean,
  tenant_id uuid, xid bigint, id bigint, type text, chat_id uuid, seq integer, deletion_id uuid, job_id uuid,
  at timestamptz, saw text
)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  old_end bigint := pg_snapshot_xmax(seen)::text::bigint;
  new_under_way bigint[] := under_way(read_already);
  new_end bigint := pg_snapshot_xmax(read_already)::text::bigint;
BEGIN
  RETURN QUERY
  SELECT
    (SELECT pg_snapshot_xmax(missed_events.seen) <= pg_snapshot_xmax(pg_current_snapshot())
      AND sees_pruned(missed_events.seen)),
    missed.tenant_id, missed.xid, missed.id, missed.type, missed.chat_id, missed.seq, missed.deletion_id,
    missed.job_id, missed.at, missed.saw::text
  FROM (SELECT) AS always
  LEFT JOIN (
    SELECT candidate.*
    FROM (
      SELECT late.*
      FROM unnest(under_way(missed_events.seen)) AS ended(xid)
      CROSS JOIN LATERAL (
        SELECT event.*
        FROM event
        -- The whole key, so that a quiet tenant's events are not searched for among everybody's.
        WHERE (event.tenant_id, event.xid, event.id) >= (missed_events.tenant, ended.xid, 0)
          AND (event.tenant_id, event.xid, event.id) < (missed_events.tenant, ended.xid + 1, 0)
      ) AS late
      WHERE ended.xid < new_end
      UNION ALL
      SELECT event.*
      FROM event
      WHERE (event.tenant_id, event.xid, event.id) >= (missed_events.tenant, old_end, 0)
        AND (event.tenant_id, event.xid, event.id) < (missed_events.tenant, new_end, 0)
    ) AS candidate
    WHERE candidate.xid <> ALL (new_under_way)
      AND NOT (candidate.xid = missed_events.own_xid AND candidate.id <= missed_events.own_id)
    LIMIT most
  ) AS missed ON true
  ORDER BY missed.id;
END
$$;
