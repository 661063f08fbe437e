import { createMessage, listMessages } from "@lethe/core";
import { presentMessage, presentPage } from "../present.ts";
import {
  createMessageInputSchema,
  listMessagesSchema,
  messagePageSchema,
  messageSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { reading, writing } from "./procedures.ts";

/** `message.*`: the same verbs and schemas as REST. */
export const messageRouter = t.router({
  list: reading(listMessagesSchema)
    .output(messagePageSchema)
    .query(async ({ ctx, input: { chat_id, ...page } }) =>
      presentPage(await listMessages(ctx.core, { chatId: chat_id, ...page }), presentMessage),
    ),

  create: writing(createMessageInputSchema)
    .output(messageSchema)
    .mutation(async ({ ctx, input: { chat_id, ...message } }) =>
      presentMessage(await createMessage(ctx.core, { chatId: chat_id, ...message })),
    ),
});
