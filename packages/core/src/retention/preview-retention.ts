import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { type DeletionPreview, previewDeletion } from "../deletion-jobs/preview-deletion.ts";

const dayMs = 86_400_000;

/** Tells what retention after so many days without activity would delete now, and changes nothing. */
export async function previewRetention(
  ctx: Context,
  { retentionDays }: { retentionDays: number },
): Promise<DeletionPreview> {
  const clock = await readClock(ctx.db);
  const updatedBefore = new Date(clock().getTime() - retentionDays * dayMs);
  return previewDeletion(ctx, { filter: { state: "active", updatedBefore } });
}
