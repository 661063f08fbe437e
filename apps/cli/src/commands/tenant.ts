import type { Command } from "commander";
import { note, printJson, printTable } from "../output.ts";
import { parseName } from "../parse-options.ts";
import { withStore } from "../with-store.ts";

const help = `
Examples:
  pnpm lethe tenant create --name "Acme"
  pnpm lethe tenant create --name "Acme" --json | jq -r .api_key

The key has all scopes but people:write, keys:write and tenant:delete, and is shown this once: only its hash is stored.`;

/** Adds `lethe tenant create`. */
export function addTenantCreate(parent: Command): void {
  parent
    .command("create")
    .description("create a tenant with its first API key")
    .requiredOption("--name <name>", "what people call it", parseName)
    .option("--json", "print one JSON object: tenant_id, api_key")
    .addHelpText("after", help)
    .action(async ({ name, json = false }: { name: string; json?: boolean }) => {
      const { createTenant } = await import("@lethe/core/credentials/tenants");
      const { createApiKey } = await import("@lethe/core/credentials/api-keys");
      const { tenantId, apiKey } = await withStore(({ db }) =>
        db.$transaction(async (tx) => {
          const tenant = await createTenant(tx, { name });
          return { ...tenant, ...(await createApiKey(tx, { ...tenant, name: "First key" })) };
        }),
      );
      if (json) {
        printJson({ tenant_id: tenantId, api_key: apiKey });
        return;
      }
      printTable([
        ["Tenant", tenantId],
        ["API key", apiKey],
      ]);
      note("Keep the key now: it is not shown again, because only its hash is stored.");
    });
}

/** Adds `lethe tenant list`. */
export function addTenantList(parent: Command): void {
  parent
    .command("list")
    .description("list the tenants, oldest first")
    .option("--json", "print one JSON object: data")
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listTenants } = await import("@lethe/core/credentials/tenants");
      const tenants = await withStore(({ db }) => listTenants(db));
      if (json) {
        printJson({
          data: tenants.map(({ tenantId, name, createdAt, leavingSince }) => ({
            tenant_id: tenantId,
            name,
            created_at: createdAt.toISOString(),
            leaving_since: leavingSince?.toISOString() ?? null,
          })),
        });
      } else if (tenants.length === 0) {
        note('No tenants yet. Create one: pnpm lethe tenant create --name "Acme"');
      } else {
        const rows = tenants.map(({ tenantId, createdAt, leavingSince, name }) => [
          ...[tenantId, createdAt.toISOString(), leavingSince === null ? "active" : "leaves", name],
        ]);
        printTable([["TENANT", "CREATED", "STATE", "NAME"], ...rows]);
      }
    });
}
