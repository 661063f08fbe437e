import { createChat, getChat, listChats, renameChat } from "@lethe/core";
import { bulkDeleteAnswered } from "../bulk-delete-answered.ts";
import { deleteChatCounted } from "../delete-chat-counted.ts";
import { presentChanged, presentChat, presentDeletion, presentPage } from "../present.ts";
import {
  bulkAnswerSchema,
  bulkDeleteSchema,
  changedChatSchema,
  chatPageSchema,
  chatPathSchema,
  chatSchema,
  createChatSchema,
  deleteChatInputSchema,
  deletionSchema,
  exportChatInputSchema,
  listChatsSchema,
  renameChatInputSchema,
} from "../schemas/index.ts";
import { holdProcedures } from "./hold-procedures.ts";
import { t } from "./init.ts";
import { deleting, reading, writing } from "./procedures.ts";
import { streamExport } from "./stream-export.ts";
import { trashProcedures } from "./trash-procedures.ts";
import { versionsOf } from "./versions-of.ts";

/** `chat.*`: the same verbs and schemas as REST. */
export const chatRouter = t.router({
  list: reading(listChatsSchema)
    .output(chatPageSchema)
    .query(async ({ ctx, input }) => presentPage(await listChats(ctx.core, input), presentChat)),

  byId: reading(chatPathSchema)
    .output(chatSchema)
    .query(async ({ ctx, input }) => presentChat(await getChat(ctx.core, { chatId: input.chat_id }))),

  create: writing(createChatSchema)
    .output(chatSchema)
    .mutation(async ({ ctx, input }) => presentChat(await createChat(ctx.core, input))),

  rename: writing(renameChatInputSchema)
    .output(changedChatSchema)
    .mutation(async ({ ctx, input: { chat_id, title, if_version } }) =>
      presentChanged(
        await renameChat(ctx.core, { chatId: chat_id, title, versions: versionsOf(if_version) }),
        ctx.mayRead,
        { title },
      ),
    ),

  delete: deleting(deleteChatInputSchema)
    .output(deletionSchema)
    .mutation(async ({ ctx, input: { chat_id, force, if_version } }) =>
      presentDeletion(
        await deleteChatCounted(ctx.services, ctx.core, {
          chatId: chat_id,
          force,
          versions: versionsOf(if_version),
        }),
      ),
    ),

  ...trashProcedures,
  ...holdProcedures,
  bulkDelete: deleting(bulkDeleteSchema)
    .output(bulkAnswerSchema)
    .mutation(({ ctx, input: { chat_ids: chatIds, force, dry_run: dryRun } }) =>
      bulkDeleteAnswered(ctx.services, ctx.core, { chatIds, force, dryRun }),
    ),
  /** A stream: call it over a link that streams, such as that of `@lethe/client`. */
  export: reading(exportChatInputSchema).query(({ ctx, input, signal }) =>
    streamExport(ctx, { ...input, signal }),
  ),
});
