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
