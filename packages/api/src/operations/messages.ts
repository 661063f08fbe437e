import { createMessage, getMessage, listMessages, searchMessages } from "@lethe/core";
import { z } from "zod";
import { presentHits, presentMessage, presentPage } from "../present.ts";
import {
  chatIdSchema,
  createMessageSchema,
  messageHitPageSchema,
  messagePageSchema,
  messageSchema,
  pageInput,
  searchText,
  strictInput,
  wholeNumber,
} from "../schemas/index.ts";
import { mutation, query } from "./operation.ts";

const path = "/chats/{chat_id}/messages";
const tag = "Messages";
const seqOf = (field: string) => wholeNumber(field, { min: 1 }, ": the place of a message in its chat");

/** `message.*` over tRPC, `/chats/{chat_id}/messages` over REST, and `/messages` for those of all chats. */
export const messages = {
  list: query({
    name: "message.list",
    scope: "chats:read",
    summary: "List the messages of a chat",
    input: strictInput({
      chat_id: chatIdSchema,
      ...pageInput,
      order: z
        .enum(["oldest_first", "newest_first"], "order must be oldest_first or newest_first")
        .default("oldest_first"),
      from_seq: seqOf("from_seq").optional().meta({
        description:
          "The first page begins at this message, in either order. Default: at the end of the chat.",
      }),
    }),
    output: messagePageSchema,
    rest: { method: "get", path, operationId: "listMessages", tag, answer: "A page of messages" },
    run: async ({ core }, { chat_id, from_seq, ...page }) =>
      presentPage(await listMessages(core, { chatId: chat_id, fromSeq: from_seq, ...page }), presentMessage),
  }),

  search: query({
    name: "message.search",
    scope: "chats:read",
    listsOnlyChats: true,
    summary: "Search messages, newest first",
    description:
      "Finds messages that have each of the words of `q`, by their beginnings, compared without regard to case and to the " +
      "form of Unicode. A page may have fewer messages than `limit`, or none, and a `next_cursor`, from which it goes on.",
    input: strictInput({
      ...pageInput,
      q: searchText(1, "Beginnings of words that the message has."),
      state: z.enum(["active", "trashed"], "state must be active or trashed").default("active"),
    }),
    output: messageHitPageSchema,
    rest: {
      method: "get",
      path: "/messages",
      operationId: "searchMessages",
      tag,
      answer: "A page of messages, each with the place",
    },
    run: async ({ core }, search) => presentHits(await searchMessages(core, search)),
  }),

  bySeq: query({
    name: "message.bySeq",
    scope: "chats:read",
    summary: "Get a message",
    input: strictInput({
      chat_id: chatIdSchema,
      seq: seqOf("seq"),
    }),
    output: messageSchema,
    rest: {
      method: "get",
      path: `${path}/{seq}`,
      operationId: "getMessage",
      tag,
      answer: "The message",
      problems: {
        NOT_FOUND:
          "Chat (`chat_not_found`) not found or doesn't belong to your tenant, or it has no such message (`not_found`)",
      },
    },
    run: async ({ core }, { chat_id, seq }) =>
      presentMessage(await getMessage(core, { chatId: chat_id, seq })),
  }),

  create: mutation({
    name: "message.create",
    scope: "chats:write",
    summary: "Write a message at the end of a chat",
    input: createMessageSchema.extend({ chat_id: chatIdSchema }).meta({ id: "CreateMessage" }),
    output: messageSchema,
    rest: {
      method: "post",
      path,
      operationId: "createMessage",
      tag,
      status: 201,
      answer: "The new message",
      problems: { CONFLICT: "The chat is in the trash (`chat_trashed`): restore it first" },
    },
    run: async ({ core, condition }, { chat_id, author, body }) =>
      presentMessage(await createMessage(core, { chatId: chat_id, author, body, ...condition })),
  }),
};
