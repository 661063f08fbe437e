import {
  changedChatSchema,
  chatPageSchema,
  chatPathSchema,
  chatSchema,
  createChatSchema,
  deleteChatQuerySchema,
  deletionSchema,
  listChatsQuerySchema,
  renameChatSchema,
} from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Chats"];
const NOT_FOUND = "Chat not found or doesn't belong to your tenant";
const TRASHED = "The chat is in the trash (`chat_trashed`): restore it first";
const bodyProblems = {
  PAYLOAD_TOO_LARGE: "The body is too large",
  UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
};

export const listChatsRoute = operation("chats:read", {
  method: "get",
  path: "/api/v1/chats",
  operationId: "listChats",
  summary: "List chats, newest activity first",
  tags,
  request: { query: listChatsQuerySchema },
  responses: { 200: jsonAnswer("A page of chats", chatPageSchema), ...problemAnswers({}) },
});

export const createChatRoute = operation("chats:write", {
  method: "post",
  path: "/api/v1/chats",
  operationId: "createChat",
  summary: "Create a chat",
  tags,
  request: { body: jsonBody(createChatSchema) },
  responses: {
    201: jsonAnswer("The new chat", chatSchema, true),
    ...problemAnswers({ ...bodyProblems, CONFLICT: "The id is or was in use (`chat_id_used`)" }),
  },
});

export const getChatRoute = operation("chats:read", {
  method: "get",
  path: "/api/v1/chats/{chat_id}",
  operationId: "getChat",
  summary: "Get a chat",
  tags,
  request: { params: chatPathSchema },
  responses: { 200: jsonAnswer("The chat", chatSchema, true), ...problemAnswers({ NOT_FOUND }) },
});

export const renameChatRoute = operation("chats:write", {
  method: "patch",
  path: "/api/v1/chats/{chat_id}",
  operationId: "renameChat",
  summary: "Rename a chat",
  tags,
  request: { params: chatPathSchema, body: jsonBody(renameChatSchema) },
  responses: {
    200: jsonAnswer("The chat as it is now", changedChatSchema, true),
    ...problemAnswers({ ...bodyProblems, NOT_FOUND, CONFLICT: TRASHED }),
  },
});

export const deleteChatRoute = operation("chats:delete", {
  method: "delete",
  path: "/api/v1/chats/{chat_id}",
  operationId: "deleteChat",
  summary: "Delete a chat",
  description:
    "Permanently deletes a chat and all its messages, in one transaction: either everything is gone or " +
    "nothing has changed. It cannot be undone. After a 200 the id answers 404 and nothing of the chat can be " +
    "reached. It takes the same time for any number of messages: the rows of a long transcript are erased " +
    "in the background afterwards, and `erased_at` is null until the last one is gone.",
  tags,
  request: { params: chatPathSchema, query: deleteChatQuerySchema },
  responses: {
    200: jsonAnswer("The chat and all its messages are gone", deletionSchema),
    ...problemAnswers({
      NOT_FOUND,
      CONFLICT:
        "The chat has active WebSocket connections (`active_connections`); `?force=true` closes them. Or it is " +
        "on hold (`on_hold`): release it first",
    }),
  },
});
