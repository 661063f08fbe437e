import { bulkRestore, bulkTrash, restoreChat, trashChat } from "@lethe/core";
import { presentBulk, presentChat } from "../present.ts";
import {
  bulkRestoreSchema,
  bulkTrashSchema,
  chatPathSchema,
  chatSchema,
  chatSetSchema,
  trashChatInputSchema,
} from "../schemas/index.ts";
import { deleting } from "./procedures.ts";
import { versionsOf } from "./versions-of.ts";

/** What `chat.*` knows of the trash. */
export const trashProcedures = {
  trash: deleting(trashChatInputSchema)
    .output(chatSchema)
    .mutation(async ({ ctx, input: { chat_id, if_version } }) =>
      presentChat(await trashChat(ctx.core, { chatId: chat_id, versions: versionsOf(if_version) })),
    ),

  restore: deleting(chatPathSchema)
    .output(chatSchema)
    .mutation(async ({ ctx, input }) => presentChat(await restoreChat(ctx.core, { chatId: input.chat_id }))),

  bulkTrash: deleting(chatSetSchema)
    .output(bulkTrashSchema)
    .mutation(async ({ ctx, input }) => presentBulk(await bulkTrash(ctx.core, { chatIds: input.chat_ids }))),

  bulkRestore: deleting(chatSetSchema)
    .output(bulkRestoreSchema)
    .mutation(async ({ ctx, input }) =>
      presentBulk(await bulkRestore(ctx.core, { chatIds: input.chat_ids })),
    ),
};
