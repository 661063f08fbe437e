import { z } from "zod";
import type { Session } from "../session/session.ts";

/**
 * The directory, which stays whole. It is asked by the hash of a key or a cookie, by an address, or of all tenants: who
 * asks does not know the tenant yet, and would look into every partition.
 */
export const DIRECTORY = ["tenant", "departure", "api_key", "session", "member", "invitation"];

const tableRows = z.array(
  z.object({
    name: z.string(),
    /** Into how many partitions it is divided; 0: it is whole. */
    partitions: z.int(),
    columns: z.array(z.string()),
    /** Statements that make of a bare table what this one is, in their order: keys, indexes, triggers, statistics. */
    makings: z.array(z.string()),
    /** Statements that give it its foreign keys, and others their foreign keys to it. */
    references: z.array(z.string()),
    /** Statements that take those away. */
    releases: z.array(z.string()),
    /** Sequences that number its rows. */
    sequences: z.array(z.object({ name: z.string(), column: z.string() })),
    owner: z.string(),
    grants: z.array(z.object({ privilege: z.string(), to: z.string() })),
    /** Storage parameters, which its partitions are to have. */
    options: z.array(z.string()),
  }),
);

/** A table of tenants, as the catalogue has it. */
export type TenantTable = z.infer<typeof tableRows>[number];

/** Names are quoted by the database. What a statement says of a table says it of the one in `public`. */
const TABLES = `
  SELECT c.relname AS name,
    (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = c.oid) AS partitions,
    (
      SELECT json_agg(quote_ident(attname) ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    ) AS columns,
    (
      SELECT coalesce(json_agg(made.statement ORDER BY made.place, made.statement), '[]')
      FROM (
        SELECT 1 AS place, format('ALTER TABLE public.%I ADD CONSTRAINT %I %s', c.relname, conname,
          pg_get_constraintdef(oid)) AS statement
        FROM pg_constraint WHERE conrelid = c.oid AND contype IN ('p', 'u')
        UNION ALL
        SELECT 2, pg_get_indexdef(i.indexrelid) FROM pg_index AS i
        WHERE i.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)
        UNION ALL
        SELECT 3, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal
        UNION ALL
        SELECT 4, format('ALTER TABLE public.%I ALTER COLUMN %I SET STATISTICS %s', c.relname, attname, attstattarget)
        FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
      ) AS made
    ) AS makings,
    (
      SELECT coalesce(json_agg(format('ALTER TABLE public.%I ADD CONSTRAINT %I %s', f.relname, k.conname,
        pg_get_constraintdef(k.oid))), '[]')
      FROM pg_constraint AS k JOIN pg_class AS f ON f.oid = k.conrelid
      WHERE k.contype = 'f' AND k.conparentid = 0 AND c.oid IN (k.conrelid, k.confrelid)
    ) AS references,
    (
      SELECT coalesce(json_agg(format('ALTER TABLE public.%I DROP CONSTRAINT %I', f.relname, k.conname)), '[]')
      FROM pg_constraint AS k JOIN pg_class AS f ON f.oid = k.conrelid
      WHERE k.contype = 'f' AND k.conparentid = 0 AND c.oid IN (k.conrelid, k.confrelid)
    ) AS releases,
    (
      SELECT coalesce(json_agg(json_build_object('name', quote_ident(s.relname), 'column', quote_ident(a.attname))), '[]')
      FROM pg_depend AS d
      JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'a'
    ) AS sequences,
    quote_ident(pg_get_userbyid(c.relowner)) AS owner,
    (
      SELECT coalesce(json_agg(json_build_object(
        'privilege', granted.privilege_type,
        'to', CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(granted.grantee)) END
          || CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
      )), '[]')
      FROM aclexplode(c.relacl) AS granted WHERE granted.grantee <> c.relowner
    ) AS grants,
    coalesce(to_json(c.reloptions), '[]') AS options
  FROM pg_class AS c
  JOIN pg_index AS key ON key.indrelid = c.oid AND key.indisprimary
  JOIN pg_attribute AS leader ON leader.attrelid = c.oid AND leader.attnum = key.indkey[0]
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND leader.attname = 'tenant_id' AND c.relname <> ALL ($1)
  ORDER BY c.relname`;

/** The tables whose rows belong to tenants, which their keys begin with; not those of the directory. */
export const readTenantTables = async (client: Session): Promise<TenantTable[]> =>
  tableRows.parse((await client.query(TABLES, [DIRECTORY])).rows);
