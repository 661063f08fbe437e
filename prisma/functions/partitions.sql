-- The partition of a table in which a tenant's rows are, or the table where it is whole. For what is asked of an index of
-- terms, which knows nothing of tenants: of all partitions it would ask each.
CREATE OR REPLACE FUNCTION part_of_tenant(of_table regclass, of_tenant uuid) RETURNS regclass
LANGUAGE sql STABLE
AS $$
  SELECT coalesce((
    SELECT part.oid::regclass
    FROM (
      SELECT pg_class.oid, pg_get_expr(relpartbound, pg_class.oid) AS bound
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = of_table
    ) AS part
    WHERE satisfies_hash_partition(
      of_table,
      substring(part.bound FROM 'modulus ([0-9]+)')::integer,
      substring(part.bound FROM 'remainder ([0-9]+)')::integer,
      of_tenant
    )
  ), of_table)
$$;
