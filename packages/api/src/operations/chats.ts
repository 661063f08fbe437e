import { createChat, getChat, limits, listChats, listConnections, renameChat } from "@lethe/core";
import { z } from "zod";
import { RefusedInput } from "../errors/refused-input.ts";
import { bulkBodySize } from "../http/read-body.ts";
import {
  presentChanged,
  presentChat,
  presentConnections,
  presentDeletion,
  presentListed,
  presentPage,
} from "../present.ts";
import {
  bulkAnswerSchema,
  bulkDeleteSchema,
  changedChatSchema,
  chatCriteria,
  chatIdSchema,
  chatPageSchema,
  chatPathSchema,
  chatSchema,
  connectionsSchema,
  contradictionsIn,
  createChatSchema,
  criteriaOf,
  deletionSchema,
  ifVersion,
  pageInput,
  searchText,
  strictInput,
  titleSchema,
} from "../schemas/index.ts";
import { bulkDeleteAnswered, deleteChatCounted } from "./answer-deletions.ts";
import { mutation, query } from "./operation.ts";

const tag = "Chats";

/** `chat.*` over tRPC, `/chats` over REST. */
export const chats = {
  list: query({
    name: "chat.list",
    scope: "chats:read",
    listsOnlyChats: true,
    summary: "List chats, newest activity first",
    description:
      "Every criterion that is given has to be met; times are strict. Chats in the trash are sorted by when they came " +
      "there. A page may hold fewer chats than `limit`, or none, and have a `next_cursor`, from which the search goes on.",
    input: strictInput({
      ...pageInput,
      q: searchText(0).optional(),
      state: z.enum(["active", "trashed"], "state must be active or trashed").default("active"),
      ...chatCriteria,
      sort: z
        .enum(["updated", "created", "trashed"], "sort must be updated, created or trashed")
        .optional()
        .meta({
          description: "Default `updated`, the last activity; in the trash `trashed`, and nothing else.",
        }),
      order: z
        .enum(["newest_first", "oldest_first"], "order must be newest_first or oldest_first")
        .default("newest_first"),
    }),
    output: chatPageSchema,
    rest: { method: "get", path: "/chats", operationId: "listChats", tag, answer: "A page of chats" },
    run: async ({ core }, { limit, cursor, q, state, sort, order, direction: _, ...criteria }) => {
      const faults = contradictionsIn(criteria, state);
      if (faults.length > 0) throw new RefusedInput(faults);
      const page = { limit, cursor, q, state, sort, order, ...criteriaOf(criteria) };
      return presentPage(await listChats(core, page), presentListed);
    },
  }),

  byId: query({
    name: "chat.byId",
    scope: "chats:read",
    summary: "Get a chat",
    input: chatPathSchema,
    output: chatSchema,
    rest: {
      method: "get",
      path: "/chats/{chat_id}",
      operationId: "getChat",
      tag,
      answer: "The chat",
      etag: ({ version }) => version,
    },
    run: async ({ core }, { chat_id }) => presentChat(await getChat(core, { chatId: chat_id })),
  }),

  connections: query({
    name: "chat.connections",
    scope: "chats:read",
    summary: "List who is connected to a chat",
    description: `The WebSockets that are open on it now, the oldest first; of more than ${limits.pageSize} the first, and how many there are.`,
    input: chatPathSchema,
    output: connectionsSchema,
    rest: {
      method: "get",
      path: "/chats/{chat_id}/connections",
      operationId: "listConnections",
      tag,
      answer: "The live connections",
    },
    run: async ({ core }, { chat_id }) =>
      presentConnections(await listConnections(core, { chatId: chat_id })),
  }),

  create: mutation({
    name: "chat.create",
    scope: "chats:write",
    summary: "Create a chat",
    input: createChatSchema,
    output: chatSchema,
    rest: {
      method: "post",
      path: "/chats",
      operationId: "createChat",
      tag,
      status: 201,
      answer: "The new chat",
      etag: ({ version }) => version,
      location: { of: ({ id }) => `/api/v1/chats/${id}` },
      problems: {
        CONFLICT: "The id is or was in use (`chat_id_used`)",
        NOT_FOUND: "Under an Idempotency-Key: the chat was made, and is gone meanwhile (`chat_not_found`)",
      },
    },
    run: async ({ core }, chat) => presentChat(await createChat(core, chat)),
  }),

  rename: mutation({
    name: "chat.rename",
    scope: "chats:write",
    summary: "Rename a chat",
    input: strictInput(
      { title: titleSchema, chat_id: chatIdSchema, if_version: ifVersion },
      "Send a JSON object with a title",
    ).meta({ id: "RenameChat" }),
    output: changedChatSchema,
    rest: {
      method: "patch",
      path: "/chats/{chat_id}",
      operationId: "renameChat",
      tag,
      answer: "The chat as it is now",
      etag: ({ version }) => version,
      problems: { CONFLICT: "The chat is in the trash (`chat_trashed`): restore it first" },
    },
    run: async ({ core, condition, mayRead }, { chat_id, title }) =>
      presentChanged(await renameChat(core, { chatId: chat_id, title, ...condition }), mayRead, { title }),
  }),

  delete: mutation({
    name: "chat.delete",
    scope: "chats:delete",
    summary: "Delete a chat",
    description:
      "Permanently deletes a chat and all its messages, in one transaction: either everything is gone or " +
      "nothing has changed. It cannot be undone. After a 200 the id answers 404 and nothing of the chat can be " +
      "reached. It takes the same time for any number of messages: the rows of a long transcript are erased " +
      "in the background afterwards, and `erased_at` is null until the last one is gone.",
    input: strictInput({
      chat_id: chatIdSchema,
      // Closes live connections instead of refusing.
      force: z.boolean("force must be true or false").default(false),
      if_version: ifVersion,
    }),
    output: deletionSchema,
    rest: {
      method: "delete",
      path: "/chats/{chat_id}",
      operationId: "deleteChat",
      tag,
      answer: "The chat and all its messages are gone",
      problems: {
        CONFLICT:
          "The chat has active WebSocket connections (`active_connections`); `?force=true` closes them. Or it is " +
          "on hold (`on_hold`): release it first",
      },
    },
    run: async ({ services, core, condition }, { chat_id, force }) =>
      presentDeletion(await deleteChatCounted(services, core, { chatId: chat_id, force, ...condition })),
  }),

  bulkDelete: mutation({
    name: "chat.bulkDelete",
    scope: "chats:delete",
    summary: "Delete up to 1,000 chats",
    description:
      "Permanently deletes each of the chats or leaves it as it is, and says which of the two for every id, in the " +
      "order in which they were asked for. Each chat is atomic, the set is not. 200 says that every id has an " +
      "outcome, not that every chat is gone. With `dry_run` nothing is deleted, and the answer tells what would be.",
    input: bulkDeleteSchema,
    output: bulkAnswerSchema,
    rest: {
      method: "post",
      path: "/chats/bulk-delete",
      operationId: "bulkDeleteChats",
      tag,
      bodySize: bulkBodySize,
      answer: "An outcome for every id; with dry_run what it would be",
    },
    run: ({ services, core }, { chat_ids: chatIds, force, exported_after: exportedAfter, dry_run: dryRun }) =>
      bulkDeleteAnswered(services, core, { chatIds, force, exportedAfter, dryRun }),
  }),
};
