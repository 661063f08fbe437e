import { holdChat, limits, releaseHold } from "@lethe/core";
import { presentChanged } from "../present.ts";
import { changedChatSchema, chatIdSchema, chatPathSchema, strictInput, text } from "../schemas/index.ts";
import { mutation } from "./operation.ts";

const path = "/chats/{chat_id}/hold";
const tag = "Holds";

/** What `chat.*` and `/chats` know of holds. */
export const holds = {
  hold: mutation({
    name: "chat.hold",
    scope: "holds:write",
    summary: "Put a chat on hold",
    description:
      "Until the hold is released nothing deletes the chat: not DELETE, with `force` or without, no bulk or " +
      "job, no purge of the trash and no retention. Another reason takes the place of the one before.",
    input: strictInput(
      { reason: text("reason", { min: 1, max: limits.reasonLength, trim: true }), chat_id: chatIdSchema },
      "Send a JSON object with a reason",
    ).meta({ id: "HoldChat" }),
    output: changedChatSchema,
    rest: {
      method: "put",
      path,
      operationId: "holdChat",
      tag,
      answer: "The chat as it is now",
      etag: ({ version }) => version,
    },
    run: async ({ core, condition, mayRead }, { chat_id, reason }) =>
      presentChanged(await holdChat(core, { chatId: chat_id, reason, ...condition }), mayRead),
  }),

  releaseHold: mutation({
    name: "chat.releaseHold",
    scope: "holds:write",
    summary: "Release a chat that is on hold",
    description:
      "A purge that fell due meanwhile follows within seconds. A chat without a hold is left as it is.",
    input: chatPathSchema,
    output: changedChatSchema,
    rest: {
      method: "delete",
      path,
      operationId: "releaseHold",
      tag,
      answer: "The chat as it is now",
      etag: ({ version }) => version,
    },
    run: async ({ core, condition, mayRead }, { chat_id }) =>
      presentChanged(await releaseHold(core, { chatId: chat_id, ...condition }), mayRead),
  }),
};
