import { getDeletion, listDeletions } from "@lethe/core";
import { presentDeletionRecord, presentDeletionWithReceipts, presentPage } from "../present.ts";
import {
  deletionPageSchema,
  deletionPathSchema,
  deletionWithReceiptsSchema,
  listDeletionsSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { reading } from "./procedures.ts";

/** `deletion.*`: the ledger, with the same verbs and schemas as REST. */
export const deletionRouter = t.router({
  list: reading(listDeletionsSchema)
    .output(deletionPageSchema)
    .query(async ({ ctx, input }) =>
      presentPage(await listDeletions(ctx.core, input), presentDeletionRecord),
    ),

  byId: reading(deletionPathSchema)
    .output(deletionWithReceiptsSchema)
    .query(async ({ ctx, input }) => {
      const deletion = await getDeletion(ctx.core, { deletionId: input.deletion_id });
      return presentDeletionWithReceipts(
        deletion,
        await ctx.services.receipts.issue(ctx.core.tenantId, deletion),
      );
    }),
});
