import { changedChatSchema, chatPathSchema, holdChatSchema } from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Holds"];
const path = "/api/v1/chats/{chat_id}/hold";
const NOT_FOUND = "Chat not found or doesn't belong to your tenant";

export const holdChatRoute = operation("holds:write", {
  method: "put",
  path,
  operationId: "holdChat",
  summary: "Put a chat on hold",
  description:
    "Until the hold is released nothing deletes the chat: not DELETE, with `force` or without, no bulk or " +
    "job, no purge of the trash and no retention. Another reason takes the place of the one before.",
  tags,
  request: { params: chatPathSchema, body: jsonBody(holdChatSchema) },
  responses: {
    200: jsonAnswer("The chat as it is now", changedChatSchema, true),
    ...problemAnswers({
      NOT_FOUND,
      PAYLOAD_TOO_LARGE: "The body is too large",
      UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
    }),
  },
});

export const releaseHoldRoute = operation("holds:write", {
  method: "delete",
  path,
  operationId: "releaseHold",
  summary: "Release a chat that is on hold",
  description:
    "A purge that fell due meanwhile follows within seconds. A chat without a hold is left as it is.",
  tags,
  request: { params: chatPathSchema },
  responses: {
    200: jsonAnswer("The chat as it is now", changedChatSchema, true),
    ...problemAnswers({ NOT_FOUND }),
  },
});
