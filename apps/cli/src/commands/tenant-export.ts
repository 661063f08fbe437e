import type { Context, ExportFormat, SentArchive } from "@lethe/core";
import { type Command, Option } from "commander";
import { CommandError, exitCodes, note, printJson, printTable } from "../output.ts";
import { parseId } from "../parse-options.ts";
import { type Store, withStore } from "../with-store.ts";
import { send, writeWhole } from "../write-whole.ts";

type Options = { out: string; format: ExportFormat; json?: boolean };

const help = `
Examples:
  pnpm lethe tenant export <tenant> --out acme.zip
  pnpm lethe tenant export <tenant> --out - --format ndjson | ssh elsewhere 'cat > acme.zip'

One ZIP archive: a file for each chat, in the trash or not; tenant.json (settings, people, invitations, the names of
keys, webhooks); ledger.ndjson; and manifest.json with the SHA-256 of each. No key, secret or password is in it. The
file appears under its name when it is whole. What is printed has the SHA-256 of all of it.`;

/** Adds `lethe tenant export`. */
export function addTenantExport(parent: Command): void {
  parent
    .command("export")
    .description("write all that a tenant has into one archive")
    .argument("<tenant>", "the tenant's id", parseId)
    .requiredOption("--out <file>", 'where to; "-" is stdout')
    .addOption(
      new Option("--format <format>", "of the chats")
        .choices(["json", "ndjson", "markdown", "html"])
        .default("json"),
    )
    .option("--json", "print one JSON object: file, sha256, bytes, chats, skipped")
    .addHelpText("after", help)
    .action(async (tenantId: string, { out, format, json = false }: Options) => {
      if (out === "-" && process.stdout.isTTY)
        throw new CommandError("An archive is nothing for a terminal: give --out a file.");
      const sent = await withStore((store) => write(store, tenantId, out, format));
      const { checksum: sha256, bytes, files: chats, skipped } = sent;
      if (out === "-") return note(`Wrote ${chats} chats; SHA-256 ${sha256}.`);
      if (json) return printJson({ file: out, sha256, bytes, chats, skipped });
      printTable([
        ["File", out],
        ["SHA-256", sha256],
        ["Bytes", String(bytes)],
        ["Chats", String(chats)],
      ]);
      if (skipped > 0) note(`${skipped} were deleted meanwhile and are not in it.`);
    });
}

async function write(
  { db, signal }: Store,
  tenantId: string,
  out: string,
  format: ExportFormat,
): Promise<SentArchive> {
  const { provenTenantId } = await import("@lethe/core/credentials/principal");
  const { exportTenant } = await import("@lethe/core/exports/export-tenant");
  if ((await db.tenant.findFirst({ where: { tenantId }, select: { tenantId: true } })) === null)
    throw new CommandError(`There is no tenant ${tenantId}.`);
  const actor = { kind: "operator", id: "tenant export", via: "cli" } as const;
  const ctx: Context = { db, tenantId: provenTenantId.parse(tenantId), actor };
  const archive = await exportTenant(ctx, { format, signal });
  let sent: SentArchive | undefined;
  async function* bytes() {
    sent = yield* archive.chunks;
  }
  const written = out === "-" ? send(bytes(), process.stdout, signal) : writeWhole(out, bytes(), signal);
  await written.catch((error: unknown) => {
    if (signal.aborted) throw new CommandError("Interrupted: there is no archive.", exitCodes.interrupted);
    throw error;
  });
  if (sent === undefined) throw new Error("The archive has no end");
  // Somebody has it now: the ledger may be pruned of what is in it.
  await archive.complete(sent);
  return sent;
}
