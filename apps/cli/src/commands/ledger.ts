import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportLedger, LedgerLine } from "@lethe/core";
import { type Command, Option } from "commander";
import { openInput } from "../input.ts";
import { CommandError, note, printJson, printTable } from "../output.ts";
import { parseId, parseTime } from "../parse-options.ts";
import type { Report } from "../replay-ledger.ts";
import { type Store, withStore } from "../with-store.ts";

type Options = { tenant?: string; since?: Date };

const exportHelp = `
Examples:
  pnpm lethe ledger export > ledger.ndjson
  pnpm lethe ledger export --since 2026-11-24T00:00:00Z >> ledger.ndjson

One JSON object a line: the public keys of receipts, tenants that have left, then every deletion. It holds ids and times, no content.
Keep it apart from the database and its backups: after a restore it says what must be deleted again. With
--since go back some minutes before the last export, because deletions under way may have missed it; replaying
a line twice does no harm.`;

/** Adds `lethe ledger export`. */
export function addLedgerExport(parent: Command): void {
  parent
    .command("export")
    .description("write the deletion ledger to stdout, as NDJSON")
    .addOption(new Option("--tenant <id>", "only this tenant's deletions").argParser(parseId))
    .addOption(new Option("--since <time>", "only deletions from then on, in RFC 3339").argParser(parseTime))
    .addHelpText("after", exportHelp)
    .action(async ({ tenant: tenantId, since }: Options) => {
      const count = await withStore((store) => writeLedger(store, { tenantId, since }));
      note(`Wrote ${count} ${count === 1 ? "deletion" : "deletions"}.`);
    });
}

/** Writes it page by page, as fast as it is read, and says so when all of it was written. Answers how many deletions there were. */
async function writeLedger({ db, signal }: Store, options: ExportLedger): Promise<number> {
  const { beginLedgerExport, exportLedger } = await import("@lethe/core/ledger/export-ledger");
  const noting = beginLedgerExport(db);
  const hash = createHash("sha256");
  let count = 0;
  async function* pages() {
    for await (const lines of exportLedger(db, { ...options, noting })) {
      if (signal.aborted) return;
      count += lines.filter(({ type }) => type === "deletion").length;
      const text = lines.map(toText).join("");
      hash.update(text);
      yield text;
    }
  }
  await pipeline(Readable.from(pages(), { highWaterMark: 2 }), process.stdout, { end: false });
  if (!signal.aborted) await noting.complete({ checksum: hash.digest("hex") });
  return count;
}

const toText = (line: LedgerLine) => `${JSON.stringify(line)}\n`;

const replayHelp = `
Example:
  pnpm lethe ledger replay ledger.ndjson     # "-" reads stdin

Do it before servers start on the restored database. Chats that are back are deleted, whoever is connected to
them; chats that this database has never had are entered into its ledger, so that their ids stay used. What has
been done is not done twice: after an interruption run it again. A tenant that had left is deleted again by the servers. The exit code is 1 while chats are on hold.`;

/** Adds `lethe ledger replay`. */
export function addLedgerReplay(parent: Command): void {
  parent
    .command("replay")
    .description(
      "delete again, in a database restored from a backup, what an exported ledger says was deleted",
    )
    .argument("<file>", "what `ledger export` has written")
    .option("--json", "print one JSON object: lines, deleted, recorded, known, on_hold, leaving, held")
    .addHelpText("after", replayHelp)
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const input = await openInput(file);
      const { replayLedger } = await import("../replay-ledger.ts");
      const report = await withStore((store) => replayLedger(store, input));
      if (json) printJson(report);
      else printReport(report);
      if (report.on_hold > 0)
        throw new CommandError(
          `${report.on_hold} ${report.on_hold === 1 ? "chat is" : "chats are"} on hold and still there. ` +
            "Release the holds, or see to it that they are right, then run this again.",
        );
    });
}

function printReport({ lines, deleted, recorded, known, on_hold, leaving, held }: Report): void {
  printTable([
    ["Deletions read", String(lines)],
    ["Deleted again", String(deleted)],
    ["Entered, never here", String(recorded)],
    ["Known already", String(known)],
    ["On hold, kept", String(on_hold)],
    ...(leaving > 0 ? [["Tenants that leave again", String(leaving)]] : []),
  ]);
  for (const { tenant_id, chat_id } of held)
    note(`on hold: ${chat_id === undefined ? "chats" : `chat ${chat_id}`} of tenant ${tenant_id}`);
  if (on_hold > held.length) note(`… and ${on_hold - held.length} more`);
}
