import { Prisma } from "@lethe/db";

/**
 * When a chat is to be purged, in SQL: `days` after `trashedAt`, null if the tenant keeps its trash for good.
 * A day is 24 hours, in every time zone and every season.
 */
export const purgeAt = (trashedAt: Prisma.Sql, days: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`CASE WHEN ${days} > 0 THEN ${trashedAt} + ${days} * interval '24 hours' END`;

/** Whether that time has come by `now`, in SQL: false where the tenant keeps its trash for good. */
export const isPurgeable = (trashedAt: Prisma.Sql, days: Prisma.Sql, now: Date | Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(${purgeAt(trashedAt, days)} <= ${now}::timestamptz) IS TRUE`;

/**
 * The days of a tenant's trash for a WITH clause, as `tenant.days`. They are locked until the transaction ends, so
 * that a change of the setting comes before or after it: what was computed with the former days is there to be
 * found when the change is carried out. Empty while somebody is changing them: then nothing can be computed.
 */
export const lockedDays = (tenantId: string): Prisma.Sql => Prisma.sql`
  tenant AS MATERIALIZED (
    SELECT trash_retention_days AS days FROM tenant WHERE tenant_id = ${tenantId}::uuid
    FOR SHARE SKIP LOCKED
  )`;
