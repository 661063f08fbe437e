import type { ApiKey } from "@lethe/core";
import type { Command } from "commander";
import { note, printJson, printTable } from "../output.ts";
import { parseId } from "../parse/parse-id.ts";
import { withStore } from "../with-store.ts";

/** Adds `lethe key list`. */
export function addKeyList(parent: Command): void {
  parent
    .command("list")
    .description("list a tenant's API keys, newest first; the keys themselves cannot be shown")
    .requiredOption("--tenant <id>", "whose keys", parseId)
    .option("--json", "print one JSON object: data")
    .addHelpText("after", "\nExample:\n  pnpm lethe key list --tenant 0b5f…")
    .action(async ({ tenant: tenantId, json = false }: { tenant: string; json?: boolean }) => {
      const { listApiKeys } = await import("@lethe/core/credentials/list-api-keys");
      const keys = await withStore(({ db }) => listApiKeys(db, { tenantId }));
      if (json) printJson({ data: keys.map(present) });
      else if (keys.length === 0) note("This tenant has no keys, or there is no such tenant.");
      else
        printTable([["KEY", "STATE", "CREATED", "LAST USED", "PREFIX", "SCOPES", "NAME"], ...keys.map(row)]);
    });
}

function present(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}

function row(key: ApiKey): string[] {
  const day = (time: Date | null) => time?.toISOString().slice(0, 10) ?? "never";
  const state = key.revokedAt
    ? `revoked ${day(key.revokedAt)}`
    : key.expired
      ? `expired ${day(key.expiresAt)}`
      : key.expiresAt
        ? `until ${day(key.expiresAt)}`
        : "active";
  return [key.id, state, day(key.createdAt), day(key.lastUsedAt), key.prefix, key.scopes.join(","), key.name];
}
