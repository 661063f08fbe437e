import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import { provenTenantId } from "./principal.ts";

/** Creates a tenant. Only an operator may: there is no key that allows it. */
export async function createTenant(
  db: Pick<Database, "tenant">,
  { name }: { name: string },
): Promise<{ tenantId: TenantId }> {
  const { tenantId } = await db.tenant.create({ data: { name }, select: { tenantId: true } });
  return { tenantId: provenTenantId.parse(tenantId) };
}

/** A tenant, as operators see it. */
export type Tenant = {
  tenantId: string;
  name: string;
  createdAt: Date;
  /** Since when it leaves; null: it does not. */
  leavingSince: Date | null;
};

const maxTenants = 1_000;

/** The tenants, the oldest first, at most 1000. */
export function listTenants(db: Database): Promise<Tenant[]> {
  return db.tenant.findMany({
    select: { tenantId: true, name: true, createdAt: true, leavingSince: true },
    orderBy: [{ createdAt: "asc" }, { tenantId: "asc" }],
    take: maxTenants,
  });
}
