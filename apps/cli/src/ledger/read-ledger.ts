import type { Readable } from "node:stream";
import { type LedgerLine, ledgerLineSchema } from "@lethe/core/ledger/ledger-line";
import { CommandError } from "../command-error.ts";

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
