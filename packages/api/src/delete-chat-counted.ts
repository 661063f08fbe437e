import { type Context, type DeleteChat, type Deletion, deleteChat } from "@lethe/core";
import { toFailure } from "./errors/to-failure.ts";
import type { Metrics } from "./ops/metrics.ts";

/** Core's `deleteChat` with its outcome counted: the one that every transport calls. */
export async function deleteChatCounted(
  { deletes }: Metrics,
  ctx: Context,
  input: DeleteChat,
): Promise<Deletion> {
  try {
    const deletion = await deleteChat(ctx, input);
    deletes.inc({ outcome: "deleted" });
    return deletion;
  } catch (error) {
    deletes.inc({ outcome: toFailure(error).reason });
    throw error;
  }
}
