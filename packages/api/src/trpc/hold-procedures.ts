import { holdChat, releaseHold } from "@lethe/core";
import { presentChanged } from "../present.ts";
import { changedChatSchema, chatPathSchema, holdChatInputSchema } from "../schemas/index.ts";
import { holding } from "./procedures.ts";

/** What `chat.*` knows of holds. */
export const holdProcedures = {
  hold: holding(holdChatInputSchema)
    .output(changedChatSchema)
    .mutation(async ({ ctx, input: { chat_id, reason } }) =>
      presentChanged(await holdChat(ctx.core, { chatId: chat_id, reason }), ctx.mayRead),
    ),

  releaseHold: holding(chatPathSchema)
    .output(changedChatSchema)
    .mutation(async ({ ctx, input }) =>
      presentChanged(await releaseHold(ctx.core, { chatId: input.chat_id }), ctx.mayRead),
    ),
};
