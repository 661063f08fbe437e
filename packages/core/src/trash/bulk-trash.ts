import type { Context } from "../context.ts";
import { type BulkOutcome, checkBulkSize, outcomesOf } from "./bulk.ts";
import { trashSet } from "./trash-set.ts";

/**
 * Moves up to `limits.bulkSize` chats into the trash, all at once or, if the database fails, none. Answers an
 * outcome for each id that was asked for, in the same order.
 */
export async function bulkTrash(
  ctx: Context,
  { chatIds }: { chatIds: readonly string[] },
): Promise<BulkOutcome<"trashed">[]> {
  checkBulkSize(chatIds);
  const moved = await trashSet(ctx, { chatIds });
  return outcomesOf(
    chatIds,
    moved.map(({ chat }) => chat),
    "trashed",
  );
}
