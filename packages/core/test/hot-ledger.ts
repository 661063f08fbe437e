import { runStep } from "../src/deletion-jobs/run-step.ts";
import { createDeletionJob, exportLedgerCsv, updateSettings } from "../src/index.ts";
import { pruneLedger } from "../src/ledger/prune-ledger.ts";
import { another } from "./grown-store.ts";
import type { HotVerb } from "./hot-verbs.ts";
import { manyChats } from "./many-chats.ts";

/** What is done to a ledger that is not kept for ever. */
export const ledgerWork: readonly HotVerb[] = [
  {
    name: "prune the ledger",
    rows: 60,
    async prepare(db, behind) {
      const ctx = await another(behind);
      await manyChats(ctx, 5, { messages: 2 });
      await updateSettings({ ...ctx, db: behind }, { ledgerRetentionDays: 30 });
      const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "any" }, force: false });
      while ((await runStep(behind, { tenantId: ctx.tenantId, jobId }, { size: 50 })).state !== "ended");
      const { chunks } = await exportLedgerCsv({ ...ctx, db }, {});
      return async () => {
        for await (const _ of chunks);
        await behind.$executeRaw`
          UPDATE deletion SET deleted_at = deleted_at - interval '40 days' WHERE tenant_id = ${ctx.tenantId}::uuid`;
        await pruneLedger(db, ctx.tenantId, null, 500);
      };
    },
  },
];
