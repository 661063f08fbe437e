import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ChatArchive, Context, ExportFormat, SentArchive } from "@lethe/core";
import { limits } from "@lethe/core/limits";
import { type Command, Option } from "commander";
import { CommandError, exitCodes, note, printJson, printTable } from "../output.ts";
import { parseCount, parseId } from "../parse-options.ts";
import { type Store, withStore } from "../with-store.ts";
import { send, writeWhole } from "../write-whole.ts";

const help = `
Examples:
  pnpm lethe tenant export <tenant> --out acme.zip
  pnpm lethe tenant export <tenant> --out - --format ndjson | ssh elsewhere 'cat > acme.zip'

A ZIP archive: a file for each chat, in the trash or not; tenant.json (settings, people, invitations, the names of
keys, webhooks); ledger.ndjson; and manifest.json with the SHA-256 of each. No key, secret or password is in it. The
file appears under its name when it is whole. What is printed has the SHA-256 of all of it.

A tenant with more chats than go into one archive has several: acme.001.zip and so on, the last with what is no chat, and
acme.manifest.json, which has the SHA-256 of each. Killed or interrupted, the same command goes on where it was.`;

/** Adds `lethe tenant export`. */
export function addTenantExport(parent: Command): void {
  parent
    .command("export")
    .description("write all that a tenant has into an archive, or several")
    .argument("<tenant>", "the tenant's id", parseId)
    .requiredOption("--out <file>", 'where to; "-" is stdout')
    .addOption(
      new Option("--format <format>", "of the chats")
        .choices(["json", "ndjson", "markdown", "html"])
        .default("json"),
    )
    .option(
      "--chats-per-archive <count>",
      "chats in one archive at most",
      parseCount(1, limits.exportChats),
      100_000,
    )
    .option("--json", "print one JSON object: file, sha256, bytes, chats, skipped, archives")
    .addHelpText("after", help)
    .action(async (tenantId: string, { json = false, ...options }: Options) => {
      const { out } = options;
      if (out === "-" && process.stdout.isTTY)
        throw new CommandError("An archive is nothing for a terminal: give --out a file.");
      const written = await withStore((store) => write(store, tenantId, options));
      const { sha256, bytes, chats, skipped } = written;
      if (out === "-") return note(`Wrote ${chats} chats; SHA-256 ${sha256}.`);
      if (json) return printJson(written);
      printTable([
        ["File", written.file],
        ["SHA-256", sha256],
        ["Bytes", String(bytes)],
        ["Chats", String(chats)],
        ...(written.archives > 1 ? [["Archives", String(written.archives)]] : []),
      ]);
      if (skipped > 0) note(`${skipped} were deleted meanwhile and are not in it.`);
    });
}

type Options = { out: string; format: ExportFormat; chatsPerArchive: number; json?: boolean };
/** What was written; of several archives `file` is their manifest, and the other figures are those of all together. */
type Written = {
  file: string;
  sha256: string;
  bytes: number;
  chats: number;
  skipped: number;
  archives: number;
};

async function write(store: Store, tenantId: string, options: Omit<Options, "json">): Promise<Written> {
  const { provenTenantId } = await import("@lethe/core/credentials/principal");
  const { exportTenant } = await import("@lethe/core/exports/export-tenant");
  const { ArchiveSet } = await import("../archive-set.ts");
  const { db, signal } = store;
  const { out, format, chatsPerArchive: most } = options;
  if ((await db.tenant.findFirst({ where: { tenantId }, select: { tenantId: true } })) === null)
    throw new CommandError(`There is no tenant ${tenantId}.`);
  const actor = { kind: "operator", id: "tenant export", via: "cli" } as const;
  const ctx: Context = { db, tenantId: provenTenantId.parse(tenantId), actor };
  const set = out === "-" ? null : await ArchiveSet.open(out, { tenant_id: tenantId, format });
  if (set && set.count > 0) note(`Going on behind ${set.count} archives that are there.`);
  for (;;) {
    const archive = await exportTenant(ctx, { format, signal, most, place: set?.place });
    const { asOf, next } = archive;
    if (set === null && next !== null)
      throw new CommandError(`There are more than ${most} chats, so several archives: give --out a file.`);
    const isOne = set === null || (set.count === 0 && next === null);
    const sent = await take(archive, isOne ? out : set.nextFile, signal);
    if (!isOne) await set.add(sent, { asOf, next }, signal);
    if (next !== null) continue;
    // Somebody has all of it now: the ledger may be pruned of what is in it.
    await archive.complete(sent);
    const { checksum: sha256, bytes, files: chats, skipped } = sent;
    if (isOne) return { file: out, sha256, bytes, chats, skipped, archives: 1 };
    const manifest = createHash("sha256")
      .update(await readFile(set.manifest))
      .digest("hex");
    return { file: set.manifest, sha256: manifest, ...set.sums, archives: set.count };
  }
}

/** Writes an archive to a file, or to stdout, and answers what it came to. */
async function take({ chunks }: ChatArchive, out: string, signal: AbortSignal): Promise<SentArchive> {
  let sent: SentArchive | undefined;
  async function* bytes() {
    sent = yield* chunks;
  }
  const written = out === "-" ? send(bytes(), process.stdout, signal) : writeWhole(out, bytes(), signal);
  await written.catch((error: unknown) => {
    if (signal.aborted) throw new CommandError("Interrupted: it is not whole.", exitCodes.interrupted);
    throw error;
  });
  if (sent === undefined) throw new Error("The archive has no end");
  return sent;
}
