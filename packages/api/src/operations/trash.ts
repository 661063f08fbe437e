import {
  bulkRestore,
  bulkTrash,
  type ChatFilter,
  createDeletionJob,
  restoreChat,
  trashChat,
} from "@lethe/core";
import { presentBulk, presentChanged } from "../present.ts";
import {
  activeFilterSchema,
  bulkRestoreSchema,
  bulkTrashSchema,
  changedChatSchema,
  chatIdSchema,
  chatPathSchema,
  chatSetSchema,
  deletionJobSchema,
  deletionPreviewSchema,
  ifVersion,
  strictInput,
  trashFilterSchema,
} from "../schemas/index.ts";
import type { Call } from "./admit.ts";
import { presentJob, preview } from "./deletion-jobs.ts";
import { mutation, query } from "./operation.ts";

const tag = "Trash";

/** What REST says of a move that is a job. */
const jobRest = {
  tag,
  status: 202,
  answer: "The job",
  location: {
    of: ({ id }: { id: string }) => `/api/v1/deletion-jobs/${id}`,
    description: "Where to look at the job",
  },
  problems: { CONFLICT: "20 jobs of yours have not ended (`too_many_jobs`)" },
} as const;

/** Starts a job that moves what a filter matches, which knows where from. */
const startMove = async ({ core, mayRead }: Call, kind: "trash" | "restore", filter: ChatFilter) =>
  presentJob(await createDeletionJob(core, { kind, filter, force: false }), mayRead);

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

  trashMatching: mutation({
    name: "chat.trashMatching",
    scope: "chats:trash",
    summary: "Move all chats that a filter matches into the trash",
    description:
      "Answers 202 at once; the job works in the background, as one that deletes does, and survives crashes. Only chats that " +
      "were created before it was asked for are moved, each if it matches then. `undo` of the job brings all of them back.",
    input: strictInput({ filter: activeFilterSchema }, "Send a JSON object with a filter").meta({
      id: "TrashMatching",
    }),
    output: deletionJobSchema,
    rest: {
      method: "post",
      path: "/chats/trash-matching",
      operationId: "trashMatchingChats",
      ...jobRest,
      dryRun: { answer: "With dry_run: what a job would find", output: deletionPreviewSchema, run: preview },
    },
    run: (call, { filter }) => startMove(call, "trash", filter),
  }),

  previewTrash: query({
    name: "chat.previewTrash",
    scope: "chats:trash",
    summary: "See what a job would move into the trash",
    input: strictInput({ filter: activeFilterSchema }),
    output: deletionPreviewSchema,
    // There it is the `dry_run` of the job.
    rest: null,
    run: preview,
  }),

  restoreMatching: mutation({
    name: "chat.restoreMatching",
    scope: "chats:trash",
    summary: "Take all chats that a filter matches out of the trash",
    description:
      "Answers 202 at once, as `trash-matching` does. The empty filter `{}` is everything that lies there.",
    input: strictInput({ filter: trashFilterSchema }, "Send a JSON object with a filter").meta({
      id: "RestoreMatching",
    }),
    output: deletionJobSchema,
    rest: {
      method: "post",
      path: "/chats/restore-matching",
      operationId: "restoreMatchingChats",
      ...jobRest,
    },
    run: (call, { filter }) => startMove(call, "restore", filter),
  }),
};
