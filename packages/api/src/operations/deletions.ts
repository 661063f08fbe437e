import { getDeletion, listDeletions } from "@lethe/core";
import { presentDeletionRecord, presentDeletionWithReceipts, presentPage } from "../present.ts";
import {
  deletionPageSchema,
  deletionPathSchema,
  deletionStateSchema,
  deletionWithReceiptsSchema,
  pageInput,
  strictInput,
} from "../schemas/index.ts";
import { query } from "./operation.ts";

const tag = "Deletions";

/** The ledger: `deletion.*` over tRPC, `/deletions` over REST. */
export const deletions = {
  list: query({
    name: "deletion.list",
    scope: "chats:read",
    summary: "List the deletion ledger, newest first",
    description:
      "Every deleted chat has one line: who deleted it, when, and whether its last message is gone from the " +
      "database (`state`). Lines hold no content.",
    input: strictInput({ ...pageInput, state: deletionStateSchema.optional() }),
    output: deletionPageSchema,
    rest: {
      method: "get",
      path: "/deletions",
      operationId: "listDeletions",
      tag,
      answer: "A page of the ledger",
    },
    run: async ({ core }, page) => presentPage(await listDeletions(core, page), presentDeletionRecord),
  }),

  byId: query({
    name: "deletion.byId",
    scope: "chats:read",
    summary: "Get a line of the deletion ledger",
    input: deletionPathSchema,
    output: deletionWithReceiptsSchema,
    rest: {
      method: "get",
      path: "/deletions/{deletion_id}",
      operationId: "getDeletion",
      tag,
      answer: "The line of the ledger",
    },
    run: async ({ services, core }, { deletion_id }) => {
      const deletion = await getDeletion(core, { deletionId: deletion_id });
      return presentDeletionWithReceipts(deletion, await services.receipts.issue(core.tenantId, deletion));
    },
  }),
};
