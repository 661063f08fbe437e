import type { Database } from "@lethe/db";

/** A tenant, as operators see it. */
export type Tenant = { tenantId: string; name: string; createdAt: Date };

const maxTenants = 1_000;

/** The tenants, the oldest first, at most 1000. */
export function listTenants(db: Database): Promise<Tenant[]> {
  return db.tenant.findMany({
    select: { tenantId: true, name: true, createdAt: true },
    orderBy: [{ createdAt: "asc" }, { tenantId: "asc" }],
    take: maxTenants,
  });
}
