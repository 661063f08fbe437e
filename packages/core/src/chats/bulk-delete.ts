import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import type { Context } from "../context.ts";
import { wasRolledBack } from "../database-error.ts";
import { deletionIdUnder } from "../idempotency/keys.ts";
import { limits } from "../limits.ts";
import type { DeletionRecord } from "../types.ts";
import { locked, untilUnlocked } from "./chat-turns.ts";
import { type DeletionRequest, deleteChats, previewDeletions, type Verdict } from "./delete-chats.ts";
import { givenChats } from "./given-chats.ts";

export type BulkDelete = {
  /** Up to `limits.bulkSize` ids. */
  chatIds: readonly string[];
  /** Close live connections instead of leaving the chat. */
  force: boolean;
  /** Only chats that were exported since then (strictly after), and have not changed since that export. */
  exportedAfter?: Date | undefined;
};

/**
 * `failed`: the chat stayed locked, or the database gave up on it. It may be gone or whole; asking again is safe.
 * `changed`: it is not what was exported since `exportedAfter`.
 */
type Outcome<Deleted = DeletionRecord> = Verdict<Deleted> | { outcome: "failed" | "changed" };
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
  { chatIds, force, exportedAfter }: BulkDelete,
): Promise<Outcome<DeletionRecord & { receipt: string | null }>[]> {
  checkSize(chatIds);
  const { tenantId, actor, db, once } = ctx;
  const exported = exportedAfter && (await readExported(ctx, chatIds, exportedAfter));
  const requests = new Map<string, DeletionRequest>();
  for (const chatId of chatIds) {
    // No version meets an empty list.
    const versions = exported && [...(exported.get(chatId.toLowerCase()) ?? [])];
    const deletionId = deletionIdUnder(once, chatId);
    requests.set(chatId, { tenantId, actor, chatId, force, deletionId, ...(versions && { versions }) });
  }
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

const exportedRows = z.array(z.object({ id: z.string(), version: z.int() }));

/** The versions of those chats that were exported since then, as they are now. */
async function readExported(
  { db, tenantId }: Context,
  chatIds: readonly string[],
  after: Date,
): Promise<Map<string, number[]>> {
  const rows = await db.$queryRaw`
    SELECT chat.id, chat.version FROM ${givenChats(tenantId, chatIds)}
    WHERE chat.exported_at > ${after}::timestamptz AND chat.export_version = chat.version`;
  return new Map(exportedRows.parse(rows).map(({ id, version }) => [id, [version]]));
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
      return { ...outcome, receipt: (await ctx.signReceipt?.(outcome)) ?? null };
    }),
  );
}

/** What `bulkDelete` would come to for each id, at this moment. Nothing is changed, and nobody has to wait. */
export async function previewBulkDelete(
  ctx: Context,
  { chatIds, force }: Omit<BulkDelete, "exportedAfter">,
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
const changed = { outcome: "changed" } as const;
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
      outcomes.set(request, result.outcome === "precondition_failed" ? changed : result);
    }
    return;
  } catch (error) {
    if (!wasRolledBack(error)) throw error;
    const [only, second] = requests;
    if (only && second === undefined) return void outcomes.set(only, failed);
  }
  for (const request of requests) await deleteChunk(db, [request], outcomes);
}
