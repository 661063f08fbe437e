import type { Database } from "@lethe/db";
import { wakeBackground } from "../wake-background.ts";

/** A transcript that is to be erased: its chat, and the line of the ledger that says so. */
export type Erasure = { tenantId: string; chatId: string; deletionId: string };

/** Has transcripts erased soon, after the commit that left them behind. The ledger is what promises it. */
export function wakeErasure(db: Database, erasures: readonly Erasure[]): void {
  wakeBackground(
    db,
    "erasure",
    erasures.map(({ tenantId }) => tenantId),
  );
}
