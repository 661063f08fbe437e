import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportLedger, LedgerLine } from "@lethe/core";
import { type Command, Option } from "commander";
import { note } from "../output.ts";
import { parseId } from "../parse/parse-id.ts";
import { parseTime } from "../parse/parse-time.ts";
import { type Store, withStore } from "../with-store.ts";

type Options = { tenant?: string; since?: Date };

const help = `
Examples:
  pnpm lethe ledger export > ledger.ndjson
  pnpm lethe ledger export --since 2026-11-24T00:00:00Z >> ledger.ndjson

One JSON object a line: the public keys of receipts, then every deletion. It holds ids and times, no content.
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
    .addHelpText("after", help)
    .action(async ({ tenant: tenantId, since }: Options) => {
      const count = await withStore((store) => writeLedger(store, { tenantId, since }));
      note(`Wrote ${count} ${count === 1 ? "deletion" : "deletions"}.`);
    });
}

/** Writes it page by page, as fast as it is read. Answers how many deletions there were. */
async function writeLedger({ db, signal }: Store, options: ExportLedger): Promise<number> {
  const { exportLedger } = await import("@lethe/core/ledger/export-ledger");
  let count = 0;
  async function* pages() {
    for await (const lines of exportLedger(db, options)) {
      if (signal.aborted) return;
      count += lines.filter(({ type }) => type === "deletion").length;
      yield lines.map(toText).join("");
    }
  }
  await pipeline(Readable.from(pages(), { highWaterMark: 2 }), process.stdout, { end: false });
  return count;
}

const toText = (line: LedgerLine) => `${JSON.stringify(line)}\n`;
