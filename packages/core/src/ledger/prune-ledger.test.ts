import { randomUUID } from "node:crypto";
import { createClient } from "@lethe/db";
import { createFormerDatabase } from "@lethe/db/testing";
import { verifyReceipt } from "@lethe/receipts";
import { expect, it, onTestFinished } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { deletedChat } from "../../test/webhooks.ts";
import { turnOf, useWorld } from "../../test/world.ts";
import { exportTenant } from "../exports/export-tenant.ts";
import {
  type Context,
  createChat,
  createReceiptSigner,
  exportLedger,
  exportLedgerCsv,
  getDeletion,
  type LedgerLine,
  listDeletions,
  listPublicKeys,
  replayDeletions,
  startBackground,
  updateSettings,
} from "../index.ts";
import { beginLedgerExport } from "./ledger-exports.ts";
import { ledgerTasks } from "./prune-ledger.ts";

const world = useWorld();

/** Deletions of so many days ago. */
async function deletedBefore(ctx: Context, days: number, count: number) {
  const made = [];
  for (let n = 0; n < count; n += 1) made.push(await deletedChat(ctx));
  const ids = made.map(({ id }) => id);
  await ctx.db.$executeRaw`
    UPDATE deletion SET deleted_at = deleted_at - ${days}::integer * interval '1 day',
      erased_at = erased_at - ${days}::integer * interval '1 day'
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ANY (${ids}::uuid[])`;
  return made;
}

/** Takes all of an export, or breaks it off after its first chunks. */
async function take(ctx: Context, chunksAtMost = Number.POSITIVE_INFINITY) {
  const { chunks } = await exportLedgerCsv(ctx, {});
  let text = "";
  for (let taken = 0; taken < chunksAtMost; taken += 1) {
    const next = await chunks.next();
    if (next.done) return { text, checksum: next.value.checksum };
    text += next.value;
  }
  await chunks.return({ checksum: "", bytes: 0 });
  return { text, checksum: null };
}

const prune = (ctx: Context) => ledgerTasks({ db: ctx.db }).tasks[0]?.work(ctx.tenantId, turnOf());
const idsOf = async (ctx: Context) =>
  (await listDeletions(ctx, { limit: 100 })).items.map(({ id }) => id).toSorted();
const ids = (made: readonly { id: string }[]) => made.map(({ id }) => id).toSorted();

it("prunes what is old and lies in an export that was taken as a whole, and nothing else", async () => {
  const ctx = await world.tenant();
  const other = await world.tenant();
  const old = await deletedBefore(ctx, 40, 5);
  const young = await deletedBefore(ctx, 20, 3);
  const theirs = await deletedBefore(other, 40, 2);
  await take(ctx);
  await prune(ctx);
  // A ledger that is kept for ever is not noted as exported.
  expect(await idsOf(ctx)).toEqual(ids([...old, ...young]));
  await updateSettings(ctx, { ledgerRetentionDays: 30 });
  await take(ctx, 2);
  await prune(ctx);
  expect(await idsOf(ctx)).toEqual(ids([...old, ...young]));

  const { text, checksum } = await take(ctx);
  const late = await deletedBefore(ctx, 50, 1);
  await prune(ctx);
  expect(await idsOf(ctx)).toEqual(ids([...young, ...late]));
  expect(await idsOf(other)).toEqual(ids(theirs));
  for (const { id } of old) expect(text).toContain(id);
  expect(await ctx.db.ledgerExport.findMany({ where: { tenantId: ctx.tenantId } })).toMatchObject([
    { checksum, lines: 8 },
  ]);
});

const asLines = async ({ db }: Context, tenantId: string | undefined, isKept: boolean) => {
  const noting = beginLedgerExport(db);
  for await (const _ of exportLedger(db, { tenantId, noting }));
  if (isKept) await noting.complete({ checksum: "of the lines" });
};

const asArchive = async (ctx: Context, isKept: boolean) => {
  const { chunks, complete } = await exportTenant(ctx, { format: "json" });
  for await (const _ of chunks);
  if (isKept) await complete({ checksum: "of the archive" });
};

it.each<[string, (ctx: Context, isKept: boolean) => Promise<void>]>([
  ["a tenant's lines", (ctx, isKept) => asLines(ctx, ctx.tenantId, isKept)],
  ["everybody's lines", (ctx, isKept) => asLines(ctx, undefined, isKept)],
  ["all of a tenant", asArchive],
])("prunes what lies in an export of %s just as well, if somebody has kept all of it", async (_, take) => {
  const [ctx, forEver] = [await world.tenant(), await world.tenant()];
  await updateSettings(ctx, { ledgerRetentionDays: 30 });
  const old = await deletedBefore(ctx, 40, 2);
  const [erasing] = await deletedBefore(ctx, 40, 1);
  await ctx.db.deletion.update({
    where: { tenantId_id: { tenantId: ctx.tenantId, id: erasing?.id ?? "" } },
    data: { erasedAt: null },
  });
  const theirs = await deletedBefore(forEver, 40, 1);
  await take(ctx, false);
  await prune(ctx);
  expect(await idsOf(ctx)).toHaveLength(3);
  await take(ctx, true);
  await prune(ctx);
  expect(await idsOf(ctx)).toEqual([erasing?.id]);
  expect(await idsOf(forEver)).toEqual(ids(theirs));
  expect(await ctx.db.ledgerExport.findMany({ where: { tenantId: ctx.tenantId } })).toMatchObject([
    { lines: old.length },
  ]);
  expect(await ctx.db.ledgerExport.count({ where: { tenantId: forEver.tenantId } })).toBe(0);
});

it("keeps the ids of pruned chats used, also when an old ledger is replayed, and their receipts valid", async () => {
  const ctx = await world.tenant();
  const { db } = ctx;
  await updateSettings(ctx, { ledgerRetentionDays: 30 });
  const [one] = await deletedBefore(ctx, 40, 1);
  if (one === undefined) throw new Error("nothing was deleted");
  const signer = createReceiptSigner({ db, log: silentLog });
  const { receipt } = await signer.issue(ctx.tenantId, await getDeletion(ctx, { deletionId: one.id }));
  const lines: LedgerLine[] = [];
  for await (const page of exportLedger(db, ctx)) lines.push(...page);
  await take(ctx);
  await prune(ctx);
  await expect(getDeletion(ctx, { deletionId: one.id })).rejects.toMatchObject({
    reason: "deletion_not_found",
  });
  await expect(createChat(ctx, { id: one.chatId, title: "again" })).rejects.toMatchObject({
    reason: "chat_id_used",
  });
  const before = lines.filter((line) => line.type === "deletion");
  expect(await replayDeletions(db, before)).toEqual(["known"]);
  expect(await idsOf(ctx)).toEqual([]);
  const keys = { keys: (await listPublicKeys(db)).map(({ jwk }) => jwk) };
  expect(await verifyReceipt(receipt ?? "", keys)).toMatchObject({
    valid: true,
    receipt: { chat_id: one.chatId },
  });
});

it("takes lines of before the upgrade, once they are exported", async () => {
  const old = await createFormerDatabase();
  const db = createClient({ url: old.url });
  onTestFinished(() => db.$disconnect());
  const ctx = { ...(await world.tenant()), db };
  const { tenantId } = ctx;
  const chatId = randomUUID();
  await old.run(`
    INSERT INTO tenant (tenant_id, name) VALUES ('${tenantId}', 'Old');
    INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at)
    VALUES ('${tenantId}', gen_random_uuid(), '${chatId}', 'api_key', 'x', 'rest', false, 2, '2020-01-01', '2020-01-01')`);
  await old.upgrade();
  await updateSettings(ctx, { ledgerRetentionDays: 3_000 });
  await take(ctx);
  await prune(ctx);
  expect(await idsOf(ctx)).toHaveLength(1);
  await updateSettings(ctx, { ledgerRetentionDays: 365 });
  await prune(ctx);
  expect(await idsOf(ctx)).toEqual([]);
  await expect(createChat(ctx, { id: chatId, title: "x" })).rejects.toMatchObject({ reason: "chat_id_used" });
});

it("is done in the background, in many batches, by whichever process", async () => {
  const ctx = await world.tenant();
  const { db, tenantId } = ctx;
  await updateSettings(ctx, { ledgerRetentionDays: 30 });
  await db.$executeRaw`
    INSERT INTO deletion (
      tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at
    )
    SELECT ${tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'api_key', 'x', 'rest', false, 2,
      now() - interval '40 days', now() - interval '40 days'
    FROM generate_series(1, 3000)`;
  await take(ctx);
  for (let worker = 0; worker < 2; worker += 1) {
    const background = startBackground({ db, log: silentLog, pace: 1 / 1_000 });
    onTestFinished(() => background.close());
  }
  await expect.poll(() => db.deletion.count({ where: { tenantId } }), { interval: 50 }).toBe(0);
  expect(await db.usedChatId.count({ where: { tenantId } })).toBe(3_000);
});
