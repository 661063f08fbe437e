import { type Context, type DeleteChat, type Deletion, deleteChat } from "@lethe/core";
import { toFailure } from "./errors/to-failure.ts";
import { receiptOfDeletion } from "./receipts/receipt-of-deletion.ts";
import type { Services } from "./services.ts";

/** Core's `deleteChat` with its outcome counted and its receipt: the one that every transport calls. */
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
