import { bulkRestore, bulkTrash, restoreChat, trashChat } from "@lethe/core";
import { presentBulk, presentChanged } from "../present.ts";
import {
  bulkRestoreSchema,
  bulkTrashSchema,
  changedChatSchema,
  chatPathSchema,
  chatSetSchema,
  trashChatInputSchema,
} from "../schemas/index.ts";
import { deleting } from "./procedures.ts";
import { versionsOf } from "./versions-of.ts";

/** What `chat.*` knows of the trash. */
export const trashProcedures = {
  trash: deleting(trashChatInputSchema)
    .output(changedChatSchema)
    .mutation(async ({ ctx, input: { chat_id, if_version } }) =>
      presentChanged(
        await trashChat(ctx.core, { chatId: chat_id, versions: versionsOf(if_version) }),
        ctx.mayRead,
      ),
    ),

  restore: deleting(chatPathSchema)
    .output(changedChatSchema)
    .mutation(async ({ ctx, input }) =>
      presentChanged(await restoreChat(ctx.core, { chatId: input.chat_id }), ctx.mayRead),
    ),

  bulkTrash: deleting(chatSetSchema)
    .output(bulkTrashSchema)
    .mutation(async ({ ctx, input }) =>
      presentBulk(await bulkTrash(ctx.core, { chatIds: input.chat_ids }), ctx.mayRead),
    ),

  bulkRestore: deleting(chatSetSchema)
    .output(bulkRestoreSchema)
    .mutation(async ({ ctx, input }) =>
      presentBulk(await bulkRestore(ctx.core, { chatIds: input.chat_ids }), ctx.mayRead),
    ),
};
