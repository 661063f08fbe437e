import {
  bulkRestoreSchema,
  bulkTrashSchema,
  changedChatSchema,
  chatPathSchema,
  chatSetSchema,
} from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Trash"];
const NOT_FOUND = "Chat not found or doesn't belong to your tenant";
const bodyProblems = {
  PAYLOAD_TOO_LARGE: "The body is too large",
  UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
};

export const trashChatRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/chats/{chat_id}/trash",
  operationId: "trashChat",
  summary: "Move a chat into the trash",
  description:
    "The chat leaves the active list at once and can only be read until it is restored. Open WebSockets are " +
    "told and closed (4411). It is purged at `purge_at`. A chat that is in the trash already is answered as " +
    "it is to whoever has seen it before, whichever ETag `If-Match` has.",
  tags,
  request: { params: chatPathSchema },
  responses: {
    200: jsonAnswer("The chat as it is now", changedChatSchema, true),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const restoreChatRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/chats/{chat_id}/restore",
  operationId: "restoreChat",
  summary: "Take a chat out of the trash",
  description:
    "The chat is as it was, at its place in the list. One that is not in the trash is left as it is.",
  tags,
  request: { params: chatPathSchema },
  responses: {
    200: jsonAnswer("The chat as it is now", changedChatSchema, true),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const bulkTrashRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/chats/bulk-trash",
  operationId: "bulkTrashChats",
  summary: "Move up to 1,000 chats into the trash",
  tags,
  request: { body: jsonBody(chatSetSchema) },
  responses: {
    200: jsonAnswer("What became of each", bulkTrashSchema),
    ...problemAnswers(bodyProblems),
  },
});

export const bulkRestoreRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/chats/bulk-restore",
  operationId: "bulkRestoreChats",
  summary: "Take up to 1,000 chats out of the trash",
  tags,
  request: { body: jsonBody(chatSetSchema) },
  responses: {
    200: jsonAnswer("What became of each", bulkRestoreSchema),
    ...problemAnswers(bodyProblems),
  },
});
