import type { Readable } from "node:stream";
import { replayDeparture } from "@lethe/core/leaving/replay-departures";
import {
  type LedgerDeletion,
  type LedgerDeparture,
  type LedgerKey,
  type LedgerLine,
  ledgerLineSchema,
} from "@lethe/core/ledger/ledger-line";
import { importReceiptKeys, type ReplayOutcome, replayDeletions } from "@lethe/core/ledger/replay-ledger";
import { CommandError, note } from "./output.ts";
import type { Store } from "./with-store.ts";

/**
 * What a replay did: deletions read, what became of them, tenants that leave again, and the first held chats by name; of a
 * tenant that cannot leave because of such chats only its own id.
 */
export type Report = Record<"lines" | ReplayOutcome | "leaving", number> & {
  held: { tenant_id: string; chat_id?: string }[];
};

const batchSize = 500;
const mostHeld = 1_000;
const sayEveryMs = 5_000;

/** Replays a ledger, batch by batch, while it is read. Ends after the batch under way on Ctrl-C. */
export async function replayLedger({ db, signal }: Store, input: Readable): Promise<Report> {
  const report: Report = { lines: 0, deleted: 0, recorded: 0, known: 0, on_hold: 0, leaving: 0, held: [] };
  let next = performance.now() + sayEveryMs;
  for await (const lines of readLedger(input, batchSize)) {
    if (signal.aborted) break;
    await addKeys(
      db,
      lines.filter((line) => line.type === "signing_key"),
    );
    for (const line of lines) if (line.type === "departure") await addDeparture(db, report, line);
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

async function addDeparture(db: Store["db"], report: Report, line: LedgerDeparture): Promise<void> {
  const outcome = await orChanged(replayDeparture(db, line));
  if (outcome === "leaving") report.leaving += 1;
  if (outcome !== "on_hold") return;
  report.on_hold += 1;
  if (report.held.length < mostHeld) report.held.push({ tenant_id: line.tenant_id });
}

async function addKeys(db: Store["db"], keys: LedgerKey[]): Promise<void> {
  await orChanged(importReceiptKeys(db, keys));
}

function orChanged<Result>(replayed: Promise<Result>): Promise<Result> {
  return replayed.catch((error: unknown) => {
    if (error instanceof RangeError) throw new CommandError(`${error.message}: the file was changed.`);
    throw error;
  });
}

/** No line of a ledger is nearly as long; characters. */
const longestLine = 64 * 1024;

/**
 * The lines of an exported ledger in batches; empty ones do not count. Memory does not grow with the file.
 *
 * Throws CommandError at the first line that is none. What came before it was given out.
 */
export async function* readLedger(input: Readable, batchSize: number): AsyncGenerator<LedgerLine[], void> {
  let batch: LedgerLine[] = [];
  try {
    let number = 0;
    for await (const text of textLines(input)) {
      number += 1;
      if (text.trim() !== "") batch.push(readLine(text, number));
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

async function* textLines(input: Readable): AsyncGenerator<string, void> {
  let rest = "";
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length > longestLine) break;
  }
  yield rest;
}

function readLine(text: string, number: number): LedgerLine {
  const parsed = ledgerLineSchema.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the line";
  throw new CommandError(
    `Line ${number} is not one of an exported ledger (${where}: ${issue?.message}). What came before it has ` +
      "been replayed. Is the file whole? Mend or remove the line, then run this again.",
  );
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
