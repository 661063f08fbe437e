import type { ApiKey } from "@lethe/core";
import { type Scope, usualScopes } from "@lethe/core/credentials/scopes";
import { type Command, Option } from "commander";
import { CommandError, exitCodes, note, print, printJson, printTable } from "../output.ts";
import { parseDuration, parseId, parseName, parseScopes, parseTime } from "../parse-options.ts";
import { requireStaying } from "../require-staying.ts";
import { withStore } from "../with-store.ts";

type Options = {
  tenant: string;
  name: string;
  scopes: readonly Scope[];
  expiresIn?: number;
  expiresAt?: Date;
  json?: boolean;
};

const createHelp = `
Examples:
  pnpm lethe key create --tenant 0b5f… --name reporting --scopes chats:read
  pnpm lethe key create --tenant 0b5f… --name contractor --expires-in 30d --json

The key is shown this once: only its hash is stored. people:write, keys:write
and tenant:delete have to be named: they let others in, or end it all.`;

/** Adds `lethe key create`. */
export function addKeyCreate(parent: Command): void {
  parent
    .command("create")
    .description("create another API key for a tenant")
    .requiredOption("--tenant <id>", "the tenant that it opens", parseId)
    .option("--name <name>", "what it is for", parseName, "API key")
    .addOption(
      new Option("--scopes <list>", "what it allows, separated by commas")
        .default(usualScopes, usualScopes.join(","))
        .argParser(parseScopes),
    )
    .option("--expires-in <time>", "how long it works, such as 12h, 30d or 1y", parseDuration)
    .addOption(
      new Option("--expires-at <time>", "when it stops to work, in RFC 3339")
        .argParser(parseTime)
        .conflicts("expiresIn"),
    )
    .option(
      "--json",
      "print one JSON object: id, tenant_id, api_key, name, prefix, scopes, created_at, expires_at",
    )
    .addHelpText("after", createHelp)
    .action(createKey);
}

async function createKey(options: Options): Promise<void> {
  const { tenant: tenantId, name, scopes, expiresIn, json = false } = options;
  const { readClock } = await import("@lethe/core/clock");
  const { createApiKey } = await import("@lethe/core/credentials/api-keys");
  const { key, expiresAt } = await withStore(async ({ db }) => {
    await requireStaying(db, tenantId);
    const now = (await readClock(db))();
    const expiresAt =
      expiresIn === undefined ? (options.expiresAt ?? null) : new Date(now.getTime() + expiresIn);
    if (expiresAt !== null && expiresAt <= now)
      throw new CommandError("That time is over. Give one in the future.", exitCodes.usage);
    return { key: await createApiKey(db, { tenantId, name, scopes, expiresAt }), expiresAt };
  });
  if (json) {
    printJson({
      id: key.id,
      tenant_id: tenantId,
      api_key: key.apiKey,
      name,
      prefix: key.prefix,
      scopes,
      created_at: key.createdAt.toISOString(),
      expires_at: expiresAt?.toISOString() ?? null,
    });
    return;
  }
  printTable([
    ["Key", key.id],
    ["API key", key.apiKey],
    ["Scopes", scopes.join(", ")],
    ["Expires", expiresAt?.toISOString() ?? "never"],
  ]);
  note("Keep the key now: it is not shown again, because only its hash is stored.");
}

/** Adds `lethe key list`. */
export function addKeyList(parent: Command): void {
  parent
    .command("list")
    .description("list a tenant's API keys, newest first; the keys themselves cannot be shown")
    .requiredOption("--tenant <id>", "whose keys", parseId)
    .option("--json", "print one JSON object: data")
    .addHelpText("after", "\nExample:\n  pnpm lethe key list --tenant 0b5f…")
    .action(async ({ tenant: tenantId, json = false }: { tenant: string; json?: boolean }) => {
      const { listApiKeys } = await import("@lethe/core/credentials/api-keys");
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

const revokeHelp = `
Example:
  pnpm lethe key revoke --tenant 0b5f… --key 7c1e…

Running servers honour it within two seconds. Sessions that were opened with the key end with it.`;

/** Adds `lethe key revoke`. */
export function addKeyRevoke(parent: Command): void {
  parent
    .command("revoke")
    .description("make an API key useless, for good")
    .requiredOption("--tenant <id>", "whose key it is", parseId)
    .requiredOption("--key <id>", "the id of the key, as `key list` prints it", parseId)
    .option("--json", "print one JSON object: id, revoked_at")
    .addHelpText("after", revokeHelp)
    .action(
      async ({
        tenant: tenantId,
        key: id,
        json = false,
      }: {
        tenant: string;
        key: string;
        json?: boolean;
      }) => {
        const { revokeApiKey } = await import("@lethe/core/credentials/api-keys");
        const { revokedAt } = await withStore(({ db }) => revokeApiKey(db, { tenantId, id }));
        if (json) printJson({ id, revoked_at: revokedAt.toISOString() });
        else print(`Revoked ${id} at ${revokedAt.toISOString()}.`);
      },
    );
}
