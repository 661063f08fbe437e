import type { Command } from "commander";
import { note, printJson, printTable } from "../output.ts";
import { withStore } from "../with-store.ts";

/** Adds `lethe tenant list`. */
export function addTenantList(parent: Command): void {
  parent
    .command("list")
    .description("list the tenants, oldest first")
    .option("--json", "print one JSON object: data")
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listTenants } = await import("@lethe/core/credentials/list-tenants");
      const tenants = await withStore(({ db }) => listTenants(db));
      if (json) {
        printJson({
          data: tenants.map(({ tenantId, name, createdAt }) => ({
            tenant_id: tenantId,
            name,
            created_at: createdAt.toISOString(),
          })),
        });
      } else if (tenants.length === 0) {
        note('No tenants yet. Create one: pnpm lethe tenant create --name "Acme"');
      } else {
        const rows = tenants.map((tenant) => [tenant.tenantId, tenant.createdAt.toISOString(), tenant.name]);
        printTable([["TENANT", "CREATED", "NAME"], ...rows]);
      }
    });
}
