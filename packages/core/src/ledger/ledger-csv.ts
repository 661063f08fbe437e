import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { type SentFile, summed } from "../exports/summed.ts";
import type { DeletionRecord } from "../types.ts";
import { type LedgerFilter, listDeletions } from "./deletions.ts";
import { beginLedgerExport, type LedgerExport } from "./ledger-exports.ts";

export type ExportLedgerCsv = LedgerFilter & {
  /** Ends the reading of the database, at the next page at the latest. */
  signal?: AbortSignal | undefined;
};

/** A file whose text is made as it is taken. */
export type LedgerFile = {
  filename: string;
  contentType: string;
  chunks: AsyncGenerator<string, SentFile, undefined>;
};

const columns = {
  deletion_id: ({ id }) => id,
  chat_id: ({ chatId }) => chatId,
  deleted_at: ({ deletedAt }) => deletedAt.toISOString(),
  erased_at: ({ erasedAt }) => erasedAt?.toISOString() ?? "",
  state: ({ state }) => state,
  message_count: ({ messageCount }) => String(messageCount),
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name ?? "",
  via: ({ via }) => via,
  forced: ({ forced }) => String(forced),
  export_checksum: ({ exportChecksum }) => exportChecksum ?? "",
} satisfies Record<string, (line: DeletionRecord) => string>;

/**
 * A tenant's ledger as CSV (RFC 4180, in UTF-8, with a line of names), newest deletion first. Page by page: neither memory
 * nor transactions grow with it. Deletions that are committed meanwhile are not in it.
 */
export async function exportLedgerCsv(ctx: Context, options: ExportLedgerCsv): Promise<LedgerFile> {
  const now = (await readClock(ctx.db))();
  return {
    filename: `lethe-deletions-${now.toISOString().slice(0, 10)}.csv`,
    contentType: "text/csv; charset=utf-8; header=present",
    chunks: noted(ctx, options),
  };
}

/** Its lines, and at the end that all of them were taken: from then on they may be pruned. */
async function* noted(ctx: Context, options: ExportLedgerCsv): AsyncGenerator<string, SentFile, undefined> {
  const noting = beginLedgerExport(ctx.db);
  const sent = yield* summed(linesOf(ctx, options, noting));
  await noting.complete(sent);
  return sent;
}

async function* linesOf(
  ctx: Context,
  { signal, ...filter }: ExportLedgerCsv,
  noting: LedgerExport,
): AsyncGenerator<string, void> {
  yield csvLine(Object.keys(columns));
  let cursor: string | null = null;
  do {
    signal?.throwIfAborted();
    const page: Awaited<ReturnType<typeof listDeletions>> = await listDeletions(ctx, {
      ...filter,
      cursor,
      limit: 100,
    });
    await noting.note(ctx.tenantId, page.items);
    yield page.items.map((line) => csvLine(Object.values(columns).map((column) => column(line)))).join("");
    cursor = page.nextCursor;
  } while (cursor !== null);
}

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/**
 * A cell of CSV. What a spreadsheet would take for a formula begins with an apostrophe, which makes it a text (OWASP, CSV
 * injection): names are what somebody once chose.
 */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
