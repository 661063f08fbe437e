import type { Readable } from "node:stream";
import { importReceiptKeys } from "@lethe/core/ledger/import-receipt-keys";
import type { LedgerDeletion, LedgerKey } from "@lethe/core/ledger/ledger-line";
import { type ReplayOutcome, replayDeletions } from "@lethe/core/ledger/replay-deletions";
import { CommandError } from "../command-error.ts";
import { note } from "../output.ts";
import type { Store } from "../with-store.ts";
import { readLedger } from "./read-ledger.ts";

/** What a replay did: deletions read, what became of them, and the first held chats by name. */
export type Report = Record<"lines" | ReplayOutcome, number> & {
  held: { tenant_id: string; chat_id: string }[];
};

const batchSize = 500;
const mostHeld = 1_000;
const sayEveryMs = 5_000;

/** Replays a ledger, batch by batch, while it is read. Ends after the batch under way on Ctrl-C. */
export async function replayLedger({ db, signal }: Store, input: Readable): Promise<Report> {
  const report: Report = { lines: 0, deleted: 0, recorded: 0, known: 0, on_hold: 0, held: [] };
  let next = performance.now() + sayEveryMs;
  for await (const lines of readLedger(input, batchSize)) {
    if (signal.aborted) break;
    await addKeys(
      db,
      lines.filter((line) => line.type === "signing_key"),
    );
    const deletions = lines.filter((line) => line.type === "deletion");
    addUp(report, deletions, await replayDeletions(db, deletions));
    if (performance.now() < next) continue;
    next = performance.now() + sayEveryMs;
    note(`${report.lines} deletions`);
  }
  return report;
}

function addUp(report: Report, deletions: LedgerDeletion[], outcomes: ReplayOutcome[]): void {
  report.lines += deletions.length;
  outcomes.forEach((outcome, index) => {
    report[outcome] += 1;
    const deletion = deletions[index];
    if (outcome !== "on_hold" || deletion === undefined || report.held.length >= mostHeld) return;
    report.held.push({ tenant_id: deletion.tenant_id, chat_id: deletion.chat_id });
  });
}

async function addKeys(db: Store["db"], keys: LedgerKey[]): Promise<void> {
  await importReceiptKeys(db, keys).catch((error: unknown) => {
    if (error instanceof RangeError) throw new CommandError(`${error.message}: the file was changed.`);
    throw error;
  });
}
