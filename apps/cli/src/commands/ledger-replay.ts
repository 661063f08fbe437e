import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { openInput } from "../input.ts";
import type { Report } from "../ledger/replay-ledger.ts";
import { note, printJson, printTable } from "../output.ts";
import { withStore } from "../with-store.ts";

const help = `
Example:
  pnpm lethe ledger replay ledger.ndjson     # "-" reads stdin

Do it before servers start on the restored database. Chats that are back are deleted, whoever is connected to
them; chats that this database has never had are entered into its ledger, so that their ids stay used. What has
been done is not done twice: after an interruption run it again. The exit code is 1 while chats are on hold.`;

/** Adds `lethe ledger replay`. */
export function addLedgerReplay(parent: Command): void {
  parent
    .command("replay")
    .description(
      "delete again, in a database restored from a backup, what an exported ledger says was deleted",
    )
    .argument("<file>", "what `ledger export` has written")
    .option("--json", "print one JSON object: lines, deleted, recorded, known, on_hold, held")
    .addHelpText("after", help)
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const input = await openInput(file);
      const { replayLedger } = await import("../ledger/replay-ledger.ts");
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

function printReport({ lines, deleted, recorded, known, on_hold, held }: Report): void {
  printTable([
    ["Deletions read", String(lines)],
    ["Deleted again", String(deleted)],
    ["Entered, never here", String(recorded)],
    ["Known already", String(known)],
    ["On hold, kept", String(on_hold)],
  ]);
  for (const { tenant_id, chat_id } of held) note(`on hold: chat ${chat_id} of tenant ${tenant_id}`);
  if (on_hold > held.length) note(`… and ${on_hold - held.length} more`);
}
