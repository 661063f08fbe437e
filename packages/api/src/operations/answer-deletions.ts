import { setImmediate as turn } from "node:timers/promises";
import {
  type BulkDelete,
  type BulkDeletionOutcome,
  bulkDelete,
  type Context,
  type DeleteChat,
  type Deletion,
  deleteChat,
  previewBulkDelete,
} from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";
import type { BulkAnswer, BulkDeletionPreview } from "../schemas/index.ts";
import type { Services } from "../services.ts";

/** Core's `deleteChat` with its outcome counted and its receipt. */
export async function deleteChatCounted(
  services: Pick<Services, "metrics" | "receipts">,
  ctx: Context,
  input: DeleteChat,
): Promise<Deletion & { receipt: string | null }> {
  const { deletes } = services.metrics;
  const deletion = await deleteChat(ctx, input).catch((error: unknown) => {
    deletes.inc({ outcome: toFailure(error).reason });
    throw error;
  });
  deletes.inc({ outcome: "deleted" });
  return { ...deletion, receipt: await receiptOfDeletion(services, ctx, input, deletion) };
}

/** The receipt of a deletion that has just been done; null if it cannot be signed now. */
async function receiptOfDeletion(
  { receipts }: Pick<Services, "receipts">,
  { tenantId, actor }: Context,
  { chatId, force }: { chatId: string; force: boolean },
  { deletionId, ...deletion }: Deletion,
): Promise<string | null> {
  const subject = { ...deletion, id: deletionId, chatId, actor, via: actor.via, forced: force };
  return (await receipts.issue(tenantId, subject)).receipt;
}

/** Receipts that are signed before others get their turn: about a millisecond's work. */
const signedInOneTurn = 25;

/**
 * Core's `bulkDelete` with its outcomes counted and its receipts, in the words of the API. With
 * `dryRun` it deletes nothing and answers what it would.
 */
export async function bulkDeleteAnswered(
  services: Services,
  ctx: Context,
  { dryRun, ...input }: BulkDelete & { dryRun: boolean },
): Promise<BulkAnswer> {
  if (dryRun) return preview(ctx, input);
  const outcomes = await bulkDelete(ctx, input);
  const counts = { deleted: 0, not_found: 0, active_connections: 0, on_hold: 0, failed: 0 };
  for (const { outcome } of outcomes) {
    counts[outcome] += 1;
    services.metrics.deletes.inc({ outcome });
  }
  // All are under way at once, so that they wait together for a key that cannot be had.
  let begins: Promise<unknown> = Promise.resolve();
  const data = await Promise.all(
    outcomes.map(async (outcome, index) => {
      if (index > 0 && index % signedInOneTurn === 0) begins = begins.then(() => turn());
      await begins;
      const chatId = input.chatIds[index] ?? "";
      const receipt =
        outcome.outcome === "deleted"
          ? await receiptOfDeletion(services, ctx, { chatId, force: input.force }, outcome)
          : null;
      return { chat_id: chatId, ...present(outcome, receipt) };
    }),
  );
  return { data, counts };
}

function present(outcome: BulkDeletionOutcome, receipt: string | null) {
  switch (outcome.outcome) {
    case "deleted":
      return {
        outcome: outcome.outcome,
        deletion_id: outcome.deletionId,
        deleted_at: outcome.deletedAt.toISOString(),
        message_count: outcome.messageCount,
        erased_at: outcome.erasedAt?.toISOString() ?? null,
        export_checksum: outcome.exportChecksum,
        receipt,
      };
    case "active_connections":
      return { outcome: outcome.outcome, active_connections: outcome.activeConnections };
    default:
      return { outcome: outcome.outcome };
  }
}

async function preview(ctx: Context, input: BulkDelete): Promise<BulkDeletionPreview> {
  const counts = { would_be_deleted: 0, not_found: 0, active_connections: 0, on_hold: 0 };
  const data = (await previewBulkDelete(ctx, input)).map((found, index) => {
    const outcome = found.outcome === "deleted" ? ("would_be_deleted" as const) : found.outcome;
    counts[outcome] += 1;
    return {
      chat_id: input.chatIds[index] ?? "",
      outcome,
      ...(found.outcome === "deleted" && { message_count: found.messageCount }),
      ...(found.outcome === "active_connections" && { active_connections: found.activeConnections }),
    };
  });
  return { dry_run: true, data, counts };
}
