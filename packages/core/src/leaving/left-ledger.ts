import { createHash } from "node:crypto";
import type { Database } from "@lethe/db";
import { LetheError } from "../errors.ts";
import { type SentFile, summed } from "../exports/summed.ts";
import { exportLedger } from "../ledger/export-ledger.ts";
import type { LedgerDeletion } from "../ledger/ledger-line.ts";
import { wakeBackground } from "../wake-background.ts";
import { type Departure, readDeparture, wantLedger } from "./departures.ts";

/** What a tenant's ledger comes to. */
export type LedgerSum = {
  /** Deletions that it tells of, and the messages that these chats had. */
  chats: number;
  messages: number;
  /** The SHA-256 of its lines as `lethe ledger export --tenant` writes them, in hexadecimal. */
  digest: string;
};

/** Reads a tenant's ledger, page by page, and sums it up. */
export async function sumLedger(db: Database, tenantId: string): Promise<LedgerSum> {
  const hash = createHash("sha256");
  const sum = { chats: 0, messages: 0 };
  for await (const lines of deletionLines(db, tenantId)) {
    hash.update(toText(lines));
    sum.chats += lines.length;
    for (const line of lines) sum.messages += line.message_count;
  }
  return { ...sum, digest: hash.digest("hex") };
}

/** The lines of a tenant's deletions, page by page. */
async function* deletionLines(db: Database, tenantId: string): AsyncGenerator<LedgerDeletion[], void> {
  for await (const lines of exportLedger(db, { tenantId }))
    yield lines.filter((line) => line.type === "deletion");
}

const toText = (lines: LedgerDeletion[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

/**
 * The complete ledger of a tenant that leaves, as the bytes that its receipt has the SHA-256 of, page by page. It fails at the
 * end where the ledger was removed while it was read.
 *
 * @throws LetheError NOT_FOUND where it does not wait for anybody
 */
export function readLeftLedger(db: Database, departure: Departure): LedgerFile {
  if (departure.ledgerUntil === null) throw noLedger();
  return linesOf(db, departure);
}

/** Text, chunk by chunk, and what all of it came to. */
type LedgerFile = AsyncGenerator<string, SentFile, undefined>;

async function* linesOf(db: Database, { tenantId, ledgerDigest }: Departure): LedgerFile {
  const sent = yield* summed(textsOf(db, tenantId));
  if (sent.checksum !== ledgerDigest) throw noLedger();
  return sent;
}

async function* textsOf(db: Database, tenantId: string): AsyncGenerator<string, void> {
  for await (const lines of deletionLines(db, tenantId)) if (lines.length > 0) yield toText(lines);
}

const noLedger = () =>
  new LetheError(
    "NOT_FOUND",
    "not_found",
    "The ledger is not here to be taken: it is not complete yet, nobody asked for it, or it was taken. The departure's `ledger` says when it is",
  );

/**
 * Lets the ledger go that somebody has taken, who tells its SHA-256 to show that they have all of it. It can be repeated.
 *
 * @throws LetheError BAD_REQUEST (invalid_request) where it is another's, or the ledger is not complete yet
 */
export async function letLedgerGo(
  db: Database,
  { tenantId, sha256 }: { tenantId: string; sha256: string },
): Promise<void> {
  const departure = await readDeparture(db, { tenantId });
  if (departure?.ledgerDigest !== sha256)
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      "ledger_kept is not the SHA-256 of the ledger. Fetch it again, whole, and send the SHA-256 of what came, in hexadecimal",
    );
  await wantLedger(db, { tenantId, wanted: false });
  wakeBackground(db, "leaving", [tenantId]);
}
