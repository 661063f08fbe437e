import { bulkRestore, bulkTrash, restoreChat, trashChat } from "@lethe/core";
import { presentBulk, presentChanged } from "../present.ts";
import {
  bulkRestoreSchema,
  bulkTrashSchema,
  changedChatSchema,
  chatIdSchema,
  chatPathSchema,
  chatSetSchema,
  ifVersion,
  strictInput,
} from "../schemas/index.ts";
import { mutation } from "./operation.ts";

const tag = "Trash";

/** What `chat.*` and `/chats` know of the trash. */
export const trash = {
  trash: mutation({
    name: "chat.trash",
    scope: "chats:trash",
    summary: "Move a chat into the trash",
    description:
      "The chat leaves the active list at once and can only be read until it is restored. Open WebSockets are " +
      "told and closed (4411). It is purged at `purge_at`. A chat that is in the trash already is answered as " +
      "it is to whoever has seen it before, whichever ETag `If-Match` has.",
    input: strictInput({ chat_id: chatIdSchema, if_version: ifVersion }),
    output: changedChatSchema,
    rest: {
      method: "post",
      path: "/chats/{chat_id}/trash",
      operationId: "trashChat",
      tag,
      answer: "The chat as it is now",
      etag: ({ version }) => version,
    },
    run: async ({ core, condition, mayRead }, { chat_id }) =>
      presentChanged(await trashChat(core, { chatId: chat_id, ...condition }), mayRead),
  }),

  restore: mutation({
    name: "chat.restore",
    scope: "chats:trash",
    summary: "Take a chat out of the trash",
    description:
      "The chat is as it was, at its place in the list. One that is not in the trash is left as it is.",
    input: chatPathSchema,
    output: changedChatSchema,
    rest: {
      method: "post",
      path: "/chats/{chat_id}/restore",
      operationId: "restoreChat",
      tag,
      answer: "The chat as it is now",
      etag: ({ version }) => version,
    },
    run: async ({ core, condition, mayRead }, { chat_id }) =>
      presentChanged(await restoreChat(core, { chatId: chat_id, ...condition }), mayRead),
  }),

  bulkTrash: mutation({
    name: "chat.bulkTrash",
    scope: "chats:trash",
    summary: "Move up to 1,000 chats into the trash",
    input: chatSetSchema,
    output: bulkTrashSchema,
    rest: {
      method: "post",
      path: "/chats/bulk-trash",
      operationId: "bulkTrashChats",
      tag,
      answer: "What became of each",
    },
    run: async ({ core, mayRead }, { chat_ids: chatIds }) =>
      presentBulk(await bulkTrash(core, { chatIds }), mayRead),
  }),

  bulkRestore: mutation({
    name: "chat.bulkRestore",
    scope: "chats:trash",
    summary: "Take up to 1,000 chats out of the trash",
    input: chatSetSchema,
    output: bulkRestoreSchema,
    rest: {
      method: "post",
      path: "/chats/bulk-restore",
      operationId: "bulkRestoreChats",
      tag,
      answer: "What became of each",
    },
    run: async ({ core, mayRead }, { chat_ids: chatIds }) =>
      presentBulk(await bulkRestore(core, { chatIds }), mayRead),
  }),
};
