import { getDeletion, listDeletions } from "@lethe/core";
import { presentDeletionRecord, presentPage } from "../present.ts";
import {
  deletionPageSchema,
  deletionPathSchema,
  deletionRecordSchema,
  listDeletionsSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { reading } from "./procedures.ts";

/** `deletion.*`: the ledger, with the same verbs and schemas as REST. */
export const deletionRouter = t.router({
  list: reading
    .input(listDeletionsSchema)
    .output(deletionPageSchema)
    .query(async ({ ctx, input }) =>
      presentPage(await listDeletions(ctx.core, input), presentDeletionRecord),
    ),

  byId: reading
    .input(deletionPathSchema)
    .output(deletionRecordSchema)
    .query(async ({ ctx, input }) =>
      presentDeletionRecord(await getDeletion(ctx.core, { deletionId: input.deletion_id })),
    ),
});
