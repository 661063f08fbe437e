import type { Role } from "@lethe/core/credentials/roles";
import { roles } from "@lethe/core/limits";
import { type Command, InvalidArgumentError, Option } from "commander";
import { note, printJson, printTable } from "../output.ts";
import { parseId } from "../parse-options.ts";
import { requireStaying } from "../require-staying.ts";
import { withStore } from "../with-store.ts";

const help = `
Example:
  pnpm lethe user create --tenant 0b5f… --email ada@example.com --role owner

It prints where they choose their name and password, on the address of your Lethe: good once, for seven days. Nobody else
knows their password. Who has an account already joins the tenant with that.`;

type ResetOptions = { email: string; secondFactor?: boolean; json?: boolean };
type Options = { tenant: string; email: string; role: Role; json?: boolean };

/** Adds `lethe user create`. */
export function addUserCreate(parent: Command): void {
  parent
    .command("create")
    .description("let a person into a tenant, such as its first owner")
    .requiredOption("--tenant <id>", "where they are to belong", parseId)
    .requiredOption("--email <address>", "who they are", parseEmail)
    .addOption(new Option("--role <role>", "what they may do").choices(roles).makeOptionMandatory())
    .option("--json", "print one JSON object: id, tenant_id, email, role, path, expires_at")
    .addHelpText("after", help)
    .action(createUser);
}

async function createUser({ tenant: tenantId, email, role, json = false }: Options): Promise<void> {
  const { createInvitation } = await import("@lethe/core/people/invitations");
  const { roleScopes } = await import("@lethe/core/credentials/roles");
  const actor = { kind: "operator", id: "user create" } as const;
  const scopes = roleScopes.owner;
  const made = await withStore(async ({ db }) => {
    await requireStaying(db, tenantId);
    return createInvitation({ db, tenantId, actor }, { email, role, scopes });
  });
  const path = `/join#${made.token}`;
  const expiresAt = made.expiresAt.toISOString();
  if (json) {
    printJson({ id: made.id, tenant_id: tenantId, email: made.email, role, path, expires_at: expiresAt });
    return;
  }
  printTable([
    ["Person", made.email],
    ["Role", role],
    ["Open", path],
    ["Until", expiresAt],
  ]);
  note("Give them the address of your Lethe with this path now: it is not shown again.");
}

const resetHelp = `
Example:
  pnpm lethe user reset --email ada@example.com

It prints where they choose another password, on the address of your Lethe: good once, for an hour. Make sure first that it
is them who ask. Their sessions end when they have chosen; a second factor goes on being asked for.`;

/** Adds `lethe user reset`. */
export function addUserReset(parent: Command): void {
  parent
    .command("reset")
    .description("let a person choose another password")
    .requiredOption("--email <address>", "whose it is", parseEmail)
    .option("--second-factor", "take away their second factor too, which they have lost")
    .option("--json", "print one JSON object: email, path, expires_at")
    .addHelpText("after", resetHelp)
    .action(resetUser);
}

async function resetUser({ email, secondFactor = false, json = false }: ResetOptions): Promise<void> {
  const { createPasswordReset } = await import("@lethe/core/people/password-resets");
  const { token, expiresAt } = await withStore(({ db }) =>
    createPasswordReset(db, { email, withSecondFactor: secondFactor }),
  );
  const path = `/reset#${token}`;
  if (json) {
    printJson({ email, path, expires_at: expiresAt.toISOString() });
    return;
  }
  printTable([
    ["Person", email],
    ["Open", path],
    ["Until", expiresAt.toISOString()],
  ]);
  note("Give them the address of your Lethe with this path now: it is not shown again.");
}

const longestAddress = 254;

/** Reads an address of mail as it is compared: in lower case. */
function parseEmail(text: string): string {
  const address = text.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || address.length > longestAddress)
    throw new InvalidArgumentError("Give an address of mail, such as ada@example.com.");
  return address;
}
