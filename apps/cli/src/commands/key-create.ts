import { type Scope, scopes } from "@lethe/core/credentials/scopes";
import { type Command, Option } from "commander";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { note, printJson, printTable } from "../output.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseId } from "../parse/parse-id.ts";
import { parseName } from "../parse/parse-name.ts";
import { parseScopes } from "../parse/parse-scopes.ts";
import { parseTime } from "../parse/parse-time.ts";
import { withStore } from "../with-store.ts";

type Options = {
  tenant: string;
  name: string;
  scopes: readonly Scope[];
  expiresIn?: number;
  expiresAt?: Date;
  json?: boolean;
};

const help = `
Examples:
  pnpm lethe key create --tenant 0b5f… --name reporting --scopes chats:read
  pnpm lethe key create --tenant 0b5f… --name contractor --expires-in 30d --json

The key is shown this once: only its hash is stored.`;

/** Adds `lethe key create`. */
export function addKeyCreate(parent: Command): void {
  parent
    .command("create")
    .description("create another API key for a tenant")
    .requiredOption("--tenant <id>", "the tenant that it opens", parseId)
    .option("--name <name>", "what it is for", parseName, "API key")
    .addOption(
      new Option("--scopes <list>", "what it allows, separated by commas")
        .default(scopes, scopes.join(","))
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
    .addHelpText("after", help)
    .action(createKey);
}

async function createKey(options: Options): Promise<void> {
  const { tenant: tenantId, name, scopes, expiresIn, json = false } = options;
  const { readClock } = await import("@lethe/core/clock");
  const { createApiKey } = await import("@lethe/core/credentials/create-api-key");
  const { key, expiresAt } = await withStore(async ({ db }) => {
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
