import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { runStep } from "../src/deletion-jobs/run-step.ts";
import {
  type Context,
  createDeletionJob,
  exportLedgerCsv,
  replayDeletions,
  updateSettings,
} from "../src/index.ts";
import { beginLedgerExport } from "../src/ledger/ledger-exports.ts";
import { pruneLedger } from "../src/ledger/prune-ledger.ts";
import { actor, another, tenantId } from "./grown-store.ts";
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

/** Five more lines in the ledger of the store, which it keeps for 30 days. */
async function addLines(db: Database, { daysAgo }: { daysAgo: number }) {
  const at = new Date(Date.now() - daysAgo * 86_400_000);
  const keeping = { ledgerRetentionDays: 30 };
  // Only once, for each change leaves a version of the tenant's row.
  await db.tenant.updateMany({ where: { tenantId, ledgerRetentionDays: null }, data: keeping });
  return db.deletion.createManyAndReturn({
    data: Array.from({ length: 5 }, () => ({
      ...{ tenantId, id: randomUUID(), chatId: randomUUID(), messageCount: 2, deletedAt: at, erasedAt: at },
      ...{ actorKind: actor.kind, actorId: actor.id, via: actor.via, forced: false },
    })),
  });
}

async function exportAll(ctx: Context): Promise<void> {
  const { chunks } = await exportLedgerCsv(ctx, {});
  for await (const _ of chunks);
}

/** What is done to ledgers. */
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
    name: "note lines of a large ledger",
    rows: 25,
    async prepare(db, behind) {
      const lines = await addLines(behind, { daysAgo: 0 });
      return () => beginLedgerExport(db).note(tenantId, lines);
    },
  },
  {
    name: "prune a large ledger",
    rows: 45,
    async prepare(db, behind) {
      const lines = await addLines(behind, { daysAgo: 40 });
      const noting = beginLedgerExport(behind);
      await noting.note(tenantId, lines);
      await noting.complete({ checksum: "x" });
      return () => pruneLedger(db, tenantId, null, 500);
    },
  },
  {
    name: "replay",
    rows: 3,
    async prepare(db) {
      const line = {
        type: "deletion",
        tenant_id: tenantId,
        id: randomUUID(),
        chat_id: randomUUID(),
        deleted_at: new Date(),
        erased_at: new Date(),
        message_count: 1,
        actor: { kind: "x", id: "x", name: null },
        via: "rest",
        forced: false,
        export_checksum: null,
      } as const;
      return () => replayDeletions(db, [line]);
    },
  },
];
