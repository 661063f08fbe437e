import {
  chatPathSchema,
  createMessageSchema,
  listMessagesQuerySchema,
  messagePageSchema,
  messageSchema,
} from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Messages"];
const path = "/api/v1/chats/{chat_id}/messages";
const NOT_FOUND = "Chat not found or doesn't belong to your tenant";

export const listMessagesRoute = operation("chats:read", {
  method: "get",
  path,
  operationId: "listMessages",
  summary: "List the messages of a chat",
  tags,
  request: { params: chatPathSchema, query: listMessagesQuerySchema },
  responses: { 200: jsonAnswer("A page of messages", messagePageSchema), ...problemAnswers({ NOT_FOUND }) },
});

export const createMessageRoute = operation("chats:write", {
  method: "post",
  path,
  operationId: "createMessage",
  summary: "Write a message at the end of a chat",
  tags,
  request: { params: chatPathSchema, body: jsonBody(createMessageSchema) },
  responses: {
    201: jsonAnswer("The new message", messageSchema),
    ...problemAnswers({
      NOT_FOUND,
      CONFLICT: "The chat is in the trash (`chat_trashed`): restore it first",
      PAYLOAD_TOO_LARGE: "The body is too large",
      UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
    }),
  },
});
