import {
  type BulkDelete,
  bulkDelete,
  type Context,
  type DeleteChat,
  deleteChat,
  previewBulkDelete,
} from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";
import type { BulkAnswer, BulkDeletionPreview } from "../schemas/index.ts";
import type { Services } from "../services.ts";

/** Core's `deleteChat` with its outcome counted. */
export async function deleteChatCounted(
  { metrics: { deletes } }: Pick<Services, "metrics">,
  ctx: Context,
  input: DeleteChat,
) {
  const deletion = await deleteChat(ctx, input).catch((error: unknown) => {
    deletes.inc({ outcome: toFailure(error).reason });
    throw error;
  });
  deletes.inc({ outcome: "deleted" });
  return deletion;
}

/**
 * Core's `bulkDelete` with its outcomes counted, in the words of the API. With
 * `dryRun` it deletes nothing and answers what it would.
 */
export async function bulkDeleteAnswered(
  services: Services,
  ctx: Context,
  { dryRun, ...input }: BulkDelete & { dryRun: boolean },
): Promise<BulkAnswer> {
  if (dryRun) return preview(ctx, input);
  const outcomes = await bulkDelete(ctx, input);
  const counts = { deleted: 0, not_found: 0, active_connections: 0, on_hold: 0, changed: 0, failed: 0 };
  for (const { outcome } of outcomes) {
    counts[outcome] += 1;
    services.metrics.deletes.inc({ outcome });
  }
  const data = outcomes.map((outcome, index) => ({
    chat_id: input.chatIds[index] ?? "",
    ...present(outcome),
  }));
  return { data, counts };
}

function present(outcome: Awaited<ReturnType<typeof bulkDelete>>[number]) {
  switch (outcome.outcome) {
    case "deleted":
      return {
        outcome: outcome.outcome,
        deletion_id: outcome.id,
        deleted_at: outcome.deletedAt.toISOString(),
        message_count: outcome.messageCount,
        erased_at: outcome.erasedAt?.toISOString() ?? null,
        export_checksum: outcome.exportChecksum,
        receipt: outcome.receipt,
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
