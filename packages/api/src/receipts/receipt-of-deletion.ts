import type { Context, Deletion } from "@lethe/core";
import type { Services } from "../services.ts";

/** The receipt of a deletion that has just been done; null if it cannot be signed now. */
export async function receiptOfDeletion(
  { receipts }: Pick<Services, "receipts">,
  { tenantId, actor }: Context,
  { chatId, force }: { chatId: string; force: boolean },
  { deletionId, ...deletion }: Deletion,
): Promise<string | null> {
  const subject = { ...deletion, id: deletionId, chatId, actor, via: actor.via, forced: force };
  return (await receipts.issue(tenantId, subject)).receipt;
}
