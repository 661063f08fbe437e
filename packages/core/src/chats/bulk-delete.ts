import { setImmediate as turn } from "node:timers/promises";
import type { Context } from "../context.ts";
import { wasRolledBack } from "../database-error.ts";
import { deletionIdUnder } from "../idempotency/keys.ts";
import { limits } from "../limits.ts";
import type { DeletionRecord } from "../types.ts";
import { locked, untilUnlocked } from "./chat-turns.ts";
import { signReceipt } from "./delete-chat.ts";
import { type DeletionRequest, deleteChats, previewDeletions, type Verdict } from "./delete-chats.ts";

export type BulkDelete = {
  /** Up to `limits.bulkSize` ids. */
  chatIds: readonly string[];
  /** Close live connections instead of leaving the chat. */
  force: boolean;
};

/** `failed`: the chat stayed locked, or the database gave up on it. It may be gone or whole; asking again is safe. */
type Outcome<Deleted = DeletionRecord> = Verdict<Deleted> | { outcome: "failed" };
type Outcomes = Map<DeletionRequest, Outcome>;

/** Chats of one transaction: it stays short, and others' deletions get their turn between two. */
const chunkSize = 100;

/**
 * Deletes a set of chats. Each of them is deleted completely or not at all; the set is not one transaction.
 * Answers an outcome for every id, in their order; a second mention of an id finds what the first has left. A chat
 * that somebody else has locked does not hold up the others: it is tried again once they are done.
 *
 * Throws when the database fails at the very first: then nothing was done, or it is not known what was. If it fails
 * later, the rest answers `failed`, so that nobody loses the outcomes of what was deleted before.
 */
export async function bulkDelete(
  ctx: Context,
  { chatIds, force }: BulkDelete,
): Promise<Outcome<DeletionRecord & { receipt: string | null }>[]> {
  checkSize(chatIds);
  const { tenantId, actor, db, once } = ctx;
  const requests = new Map<string, DeletionRequest>();
  for (const chatId of chatIds)
    requests.set(chatId, { tenantId, actor, chatId, force, deletionId: deletionIdUnder(once, chatId) });
  const outcomes: Outcomes = new Map();
  const deleteOpen = async () => {
    const open = [...requests.values()].filter((request) => !outcomes.has(request));
    for (let from = 0; from < open.length; from += chunkSize)
      await deleteChunk(db, open.slice(from, from + chunkSize), outcomes);
    return outcomes.size < requests.size ? locked : undefined;
  };
  await untilUnlocked(db, deleteOpen).catch((error: unknown) => {
    if (outcomes.size === 0) throw error;
  });
  const mentioned = new Set<string>();
  const found = chatIds.map((chatId) => {
    const request = requests.get(chatId);
    const outcome = (request && outcomes.get(request)) ?? failed;
    const again = mentioned.has(chatId) && outcome.outcome === "deleted";
    mentioned.add(chatId);
    return again ? notFound : outcome;
  });
  return withReceipts(ctx, found);
}

/** Receipts that are signed before others get their turn: about a millisecond's work. */
const signedInOneTurn = 25;

/** All are under way at once, so that they wait together for a key that cannot be had. */
function withReceipts(ctx: Context, outcomes: readonly Outcome[]) {
  let begins: Promise<unknown> = Promise.resolve();
  return Promise.all(
    outcomes.map(async (outcome, index) => {
      if (outcome.outcome !== "deleted") return outcome;
      if (index > 0 && index % signedInOneTurn === 0) begins = begins.then(() => turn());
      await begins;
      return { ...outcome, receipt: await signReceipt(ctx, outcome) };
    }),
  );
}

/** What `bulkDelete` would come to for each id, at this moment. Nothing is changed, and nobody has to wait. */
export async function previewBulkDelete(
  ctx: Context,
  { chatIds, force }: BulkDelete,
): Promise<Verdict<Pick<DeletionRecord, "messageCount">>[]> {
  checkSize(chatIds);
  const { tenantId, actor, db } = ctx;
  return previewDeletions(
    db,
    chatIds.map((chatId) => ({ tenantId, actor, chatId, force })),
  );
}

function checkSize(chatIds: readonly string[]): void {
  if (chatIds.length > limits.bulkSize)
    throw new RangeError(`A set has at most ${limits.bulkSize} ids, got ${chatIds.length}`);
}

const failed = { outcome: "failed" } as const;
const notFound = { outcome: "not_found" } as const;

/** Notes the outcome of each that is not locked. One that the database refuses does not fail the others. */
async function deleteChunk(
  db: Context["db"],
  requests: readonly DeletionRequest[],
  outcomes: Outcomes,
): Promise<void> {
  try {
    const results = await deleteChats(db, requests);
    for (const [index, request] of requests.entries()) {
      const result = results[index];
      if (result === undefined || result.outcome === "locked") continue;
      // Without versions there is no precondition that could fail.
      outcomes.set(request, result.outcome === "precondition_failed" ? failed : result);
    }
    return;
  } catch (error) {
    if (!wasRolledBack(error)) throw error;
    const [only, second] = requests;
    if (only && second === undefined) return void outcomes.set(only, failed);
  }
  for (const request of requests) await deleteChunk(db, [request], outcomes);
}
