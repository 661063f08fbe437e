import { getDeletion, type LedgerFilter, listDeletions } from "@lethe/core";
import type { z } from "zod";
import { presentDeletionRecord, presentDeletionWithReceipts, presentPage } from "../present.ts";
import {
  deletionPageSchema,
  deletionPathSchema,
  deletionWithReceiptsSchema,
  ledgerFilter,
  pageInput,
  strictInput,
} from "../schemas/index.ts";
import { query } from "./operation.ts";

const tag = "Deletions";

/** A filter of the API in the words of core. */
export const ledgerFilterOf = (filter: z.output<z.ZodObject<typeof ledgerFilter>>): LedgerFilter => ({
  state: filter.state,
  chatId: filter.chat_id,
  actorId: filter.actor_id,
  deletedAfter: filter.deleted_after,
  deletedBefore: filter.deleted_before,
});

/** The ledger: `deletion.*` over tRPC, `/deletions` over REST. */
export const deletions = {
  list: query({
    name: "deletion.list",
    scope: "chats:read",
    summary: "List the deletion ledger, newest first",
    description:
      "Every deleted chat has one line: who deleted it, when, and whether its last message is gone from the " +
      "database (`state`). Lines hold no content. Every criterion that is given has to be met; times are strict.",
    input: strictInput({ ...pageInput, ...ledgerFilter }),
    output: deletionPageSchema,
    rest: {
      method: "get",
      path: "/deletions",
      operationId: "listDeletions",
      tag,
      answer: "A page of the ledger",
    },
    run: async ({ core }, { limit, cursor, ...filter }) =>
      presentPage(
        await listDeletions(core, { limit, cursor, ...ledgerFilterOf(filter) }),
        presentDeletionRecord,
      ),
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
