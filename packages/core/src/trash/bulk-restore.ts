import type { Context } from "../context.ts";
import { type BulkOutcome, checkBulkSize, outcomesOf } from "./bulk.ts";
import { restoreSet } from "./restore-set.ts";

/**
 * Takes up to `limits.bulkSize` chats out of the trash, all at once or, if the database fails, none. Answers an
 * outcome for each id that was asked for, in the same order.
 */
export async function bulkRestore(
  ctx: Context,
  { chatIds }: { chatIds: readonly string[] },
): Promise<BulkOutcome<"restored">[]> {
  checkBulkSize(chatIds);
  const moved = await restoreSet(ctx, { chatIds });
  return outcomesOf(
    chatIds,
    moved.map(({ chat }) => chat),
    "restored",
  );
}
