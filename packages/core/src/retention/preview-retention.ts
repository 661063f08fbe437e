import type { Context } from "../context.ts";
import { type DeletionPreview, previewDeletion } from "../deletion-jobs/preview-deletion.ts";

const dayMs = 86_400_000;

/** Tells what retention after so many days without activity would delete now, and changes nothing. */
export function previewRetention(
  ctx: Context,
  { retentionDays }: { retentionDays: number },
): Promise<DeletionPreview> {
  const updatedBefore = new Date(Date.now() - retentionDays * dayMs);
  return previewDeletion(ctx, { filter: { state: "active", updatedBefore } });
}
