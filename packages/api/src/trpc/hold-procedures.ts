import { holdChat, releaseHold } from "@lethe/core";
import { presentChat } from "../present.ts";
import { chatPathSchema, chatSchema, holdChatInputSchema } from "../schemas/index.ts";
import { holding } from "./procedures.ts";

/** What `chat.*` knows of holds. */
export const holdProcedures = {
  hold: holding(holdChatInputSchema)
    .output(chatSchema)
    .mutation(async ({ ctx, input: { chat_id, reason } }) =>
      presentChat(await holdChat(ctx.core, { chatId: chat_id, reason })),
    ),

  releaseHold: holding(chatPathSchema)
    .output(chatSchema)
    .mutation(async ({ ctx, input }) => presentChat(await releaseHold(ctx.core, { chatId: input.chat_id }))),
};
