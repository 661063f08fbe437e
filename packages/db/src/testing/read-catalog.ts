import { z } from "zod";
import { withPatience } from "./start-test-server.ts";

/**
 * One line for each thing in a database that a migration can make, but not Prisma's own table. Of a partitioned table it is
 * that, and not its partitions, which say the same.
 */
const LINES = `
  SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> '_prisma_migrations'
  UNION ALL
  SELECT format('%s %s', CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' ELSE 'relation' END, c.relname)
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('r', 'p', 'i', 'I', 'c', 't')
  UNION ALL
  SELECT format('unlogged %s', c.relname) FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'u'
  UNION ALL
  SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
  UNION ALL
  SELECT format('constraint %s on %s %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid))
  FROM pg_constraint k
  WHERE k.connamespace = 'public'::regnamespace AND k.contype <> 'n' AND k.conparentid = 0
    AND NOT coalesce((SELECT relispartition FROM pg_class WHERE oid = k.conrelid), false)
    AND k.conrelid <> coalesce(to_regclass('_prisma_migrations'), 0)
  UNION ALL
  SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT format('type %s', t.typname) FROM pg_type t
  WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('d', 'e', 'r')
  UNION ALL
  SELECT format('extension %s', e.extname) FROM pg_extension e
  ORDER BY line`;

/** What the database consists of, one line each, sorted. */
export const readCatalog = (url: string): Promise<string[]> =>
  withPatience(url, async (client) => {
    const { rows } = await client.query(LINES);
    return z
      .array(z.object({ line: z.string() }))
      .parse(rows)
      .map(({ line }) => line);
  });
