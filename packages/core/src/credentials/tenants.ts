import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { provenTenantId } from "./principal.ts";

const created = z.tuple([z.object({ tenant_id: provenTenantId })]);

/** Creates a tenant. Only an operator may: there is no key that allows it. */
export async function createTenant(
  db: Pick<Database, "$queryRaw">,
  { name }: { name: string },
): Promise<{ tenantId: TenantId }> {
  const rows = await db.$queryRaw`INSERT INTO tenant (name) VALUES (${name}) RETURNING tenant_id`;
  return { tenantId: created.parse(rows)[0].tenant_id };
}

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
