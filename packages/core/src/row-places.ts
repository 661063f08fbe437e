import { Prisma } from "@lethe/db";

/** Where a row is, in SQL, for whoever finds it by an index and takes it by its place: `part` and `place`. */
export const rowPlace = Prisma.sql`tableoid AS part, ctid AS place`;

/**
 * The condition that a row is one of those in `found`, a materialized query of `rowPlace`. A place alone is not enough:
 * where the table is partitioned each partition has a row there, of other tenants. The pair is a value, so that
 * PostgreSQL looks at these places whatever else it takes to be better.
 */
export const isPlacedIn = (found: Prisma.Sql): Prisma.Sql => Prisma.sql`
  ctid = ANY (ARRAY(SELECT place FROM ${found})) AND ((tableoid, ctid) IN (SELECT part, place FROM ${found})) IS TRUE`;
