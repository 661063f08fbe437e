import type { Database } from "@lethe/db";
import { locked, untilUnlocked } from "../chats/chat-turns.ts";
import { deleteChats } from "../chats/delete-chats.ts";
import type { Actor } from "../context.ts";
import { limits } from "../limits.ts";
import type { LedgerDeletion } from "./ledger-line.ts";
import { recordDeletions } from "./record-deletions.ts";

/**
 * What came of a line: `deleted` now, because the chat was there again; `recorded`, because this database has
 * never had the chat, or not any more; `known`: it has the deletion in its ledger; `on_hold`: nothing was done.
 */
export type ReplayOutcome = "deleted" | "recorded" | "known" | "on_hold";

const actor: Actor = { kind: "operator", id: "ledger replay", via: "replay" };
const attempts = 3;

/**
 * Does again, in a database that was restored, what an exported ledger says was done: up to
 * `limits.deleteBatch` deletions of any tenants. Chats that are there are deleted, whoever is connected, as a
 * deletion of now and of this command; those that never were here are entered as they were, so that nobody can
 * create them again. Answers an outcome for each line. It can be repeated at will.
 *
 * Throws SERVICE_UNAVAILABLE (chat_busy) when somebody keeps one of the chats locked.
 */
export async function replayDeletions(
  db: Database,
  lines: readonly LedgerDeletion[],
): Promise<ReplayOutcome[]> {
  if (lines.length > limits.deleteBatch)
    throw new RangeError(`replayDeletions takes at most ${limits.deleteBatch} lines, got ${lines.length}`);
  const outcomes = new Map<LedgerDeletion, ReplayOutcome>();
  let open: readonly LedgerDeletion[] = lines;
  for (let attempt = 1; open.length > 0 && attempt <= attempts; attempt += 1) {
    const gone = await deleteThere(db, open, outcomes);
    // A chat may have been created since by somebody who was faster: it is there then, and deleted.
    open = await recordDeletions(db, gone, outcomes);
  }
  if (open.length > 0) throw new Error(`${open.length} chats were created again while they were replayed`);
  return lines.map((line) => outcomes.get(line) ?? "known");
}

/** Deletes those whose chats are there; answers the others. */
async function deleteThere(
  db: Database,
  lines: readonly LedgerDeletion[],
  outcomes: Map<LedgerDeletion, ReplayOutcome>,
): Promise<LedgerDeletion[]> {
  const gone: LedgerDeletion[] = [];
  let open = lines;
  await untilUnlocked(db, async () => {
    const results = await deleteChats(db, open.map(toRequest));
    open = open.filter((line, index) => {
      const outcome = results[index]?.outcome;
      if (outcome === "deleted" || outcome === "on_hold") outcomes.set(line, outcome);
      else if (outcome === "not_found") gone.push(line);
      return outcome === "locked";
    });
    return open.length > 0 ? locked : undefined;
  });
  return gone;
}

const toRequest = ({ tenant_id, chat_id }: LedgerDeletion) => ({
  tenantId: tenant_id,
  chatId: chat_id,
  force: true,
  actor,
});
