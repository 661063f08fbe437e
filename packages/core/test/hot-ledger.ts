import type { Database } from "@lethe/db";
import { runStep } from "../src/deletion-jobs/run-step.ts";
import { type Context, createDeletionJob, exportLedgerCsv, updateSettings } from "../src/index.ts";
import { pruneLedger } from "../src/ledger/prune-ledger.ts";
import { another } from "./grown-store.ts";
import type { HotVerb } from "./hot-verbs.ts";
import { manyChats } from "./many-chats.ts";

/** A tenant with five lines in its ledger, which it keeps for 30 days. */
async function withLedger(db: Database): Promise<Context> {
  const ctx = await another(db);
  await manyChats(ctx, 5, { messages: 2 });
  await updateSettings(ctx, { ledgerRetentionDays: 30 });
  const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "any" }, force: false });
  while ((await runStep(db, { tenantId: ctx.tenantId, jobId }, { size: 50 })).state !== "ended");
  return ctx;
}

async function exportAll(ctx: Context): Promise<void> {
  const { chunks } = await exportLedgerCsv(ctx, {});
  for await (const _ of chunks);
}

/** What is done to a ledger that is not kept for ever. */
export const ledgerWork: readonly HotVerb[] = [
  {
    name: "export the ledger",
    rows: 20,
    async prepare(db, behind) {
      const ctx = await withLedger(behind);
      return () => exportAll({ ...ctx, db });
    },
  },
  {
    name: "prune the ledger",
    rows: 45,
    async prepare(db, behind) {
      const ctx = await withLedger(behind);
      await exportAll(ctx);
      await behind.$executeRaw`
        UPDATE deletion SET deleted_at = deleted_at - interval '40 days' WHERE tenant_id = ${ctx.tenantId}::uuid`;
      return () => pruneLedger(db, ctx.tenantId, null, 500);
    },
  },
];
