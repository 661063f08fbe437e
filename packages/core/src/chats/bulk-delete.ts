import type { Context } from "../context.ts";
import { wasRolledBack } from "../database-error.ts";
import { deletionIdUnder } from "../idempotency/once.ts";
import { limits } from "../limits.ts";
import { type DeletionOutcome, type DeletionRequest, deleteChats } from "./delete-chats.ts";

export type BulkDelete = {
  /** Up to `limits.bulkSize` ids. */
  chatIds: readonly string[];
  /** Close live connections instead of leaving the chat. */
  force: boolean;
};

/** `failed`: the database gave up on it. It may be gone or whole; asking again is safe. */
export type BulkDeletionOutcome =
  | Exclude<DeletionOutcome, { outcome: "precondition_failed" }>
  | { outcome: "failed" };

/** Chats of one transaction: it stays short, and others' deletions get their turn between two. */
const chunkSize = 100;

/**
 * Deletes a set of chats. Each of them is deleted completely or not at all; the set is not one transaction.
 * Answers an outcome for every id, in their order; a second mention of an id finds what the first has left.
 *
 * Throws when the database fails at the very first: then nothing was done, or it cannot be told. If it fails
 * later, the rest answers `failed`, so that nobody loses the outcomes of what was deleted before.
 */
export async function bulkDelete(
  ctx: Context,
  { chatIds, force }: BulkDelete,
): Promise<BulkDeletionOutcome[]> {
  if (chatIds.length > limits.bulkSize) {
    throw new RangeError(`bulkDelete takes at most ${limits.bulkSize} ids, got ${chatIds.length}`);
  }
  const { tenantId, actor, db, once } = ctx;
  const mentioned = new Set<string>();
  const request = (chatId: string): DeletionRequest => {
    // Under an idempotency key the first mention finds again what an earlier attempt did, as it did then.
    const first = !mentioned.has(chatId);
    mentioned.add(chatId);
    return { tenantId, actor, chatId, force, deletionId: first ? deletionIdUnder(once, chatId) : undefined };
  };
  const outcomes: BulkDeletionOutcome[] = [];
  for (let from = 0; from < chatIds.length; from += chunkSize) {
    const chunk = chatIds.slice(from, from + chunkSize).map(request);
    try {
      outcomes.push(...(await deleteChunk(db, chunk)));
    } catch (error) {
      if (from === 0) throw error;
      return [...outcomes, ...chatIds.slice(from).map(() => failed)];
    }
  }
  return outcomes;
}

const failed: BulkDeletionOutcome = { outcome: "failed" };

/** One chat that the database refuses to delete must not keep the others. */
async function deleteChunk(db: Context["db"], requests: DeletionRequest[]): Promise<BulkDeletionOutcome[]> {
  try {
    return (await deleteChats(db, requests)).map(withoutCondition);
  } catch (error) {
    if (requests.length === 1 || !wasRolledBack(error)) throw error;
  }
  const outcomes: BulkDeletionOutcome[] = [];
  for (const request of requests) {
    const [outcome = failed] = await deleteChunk(db, [request]).catch((error: unknown) => {
      if (wasRolledBack(error)) return [failed];
      throw error;
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Without versions there is no precondition that could fail. */
const withoutCondition = (outcome: DeletionOutcome): BulkDeletionOutcome =>
  outcome.outcome === "precondition_failed" ? failed : outcome;
