import { expect, it } from "vitest";
import { finish, manyChats } from "../../test/many-chats.ts";
import { codeOf, useWorld } from "../../test/world.ts";
import {
  bulkDelete,
  type ChatArchive,
  createChat,
  createDeletionJob,
  createMessage,
  exportChats,
  getChat,
  holdChat,
  restoreChat,
  trashChat,
  undoDeletionJob,
} from "../index.ts";
import { runStep } from "./run-step.ts";

const world = useWorld();
const every = { state: "active" as const, createdAfter: new Date(0) };

it("moves all that matches into the trash, tells it of each, and brings back just those", async () => {
  const ctx = await world.tenant();
  const { db, tenantId } = ctx;
  const trashed = () => db.chat.count({ where: { tenantId, trashedAt: { not: null } } });
  await manyChats(ctx, 230, { messages: 1, mark: "old" });
  const { id: before } = await createChat(ctx, { title: "was there before" });
  await trashChat(ctx, { chatId: before });
  const { id: held } = await createChat(ctx, { title: "old and held" });
  await holdChat(ctx, { chatId: held, reason: "Case 114" });
  const job = await createDeletionJob(ctx, {
    kind: "trash",
    filter: { state: "active", q: "old" },
    force: false,
  });
  await createChat(ctx, { title: "old, and too late" });

  const done = await finish(ctx, job.id);
  expect(done).toMatchObject({ state: "finished", matched: 231, processed: 231, filter: { q: null } });
  expect(done.counts).toMatchObject({ deleted: 0, moved: 231, failed: 0 });
  expect(await trashed()).toBe(232);
  const { id: actorId } = ctx.actor;
  expect(await getChat(ctx, { chatId: held })).toMatchObject({
    trashedBy: { id: actorId },
    purgeAt: expect.any(Date),
  });
  expect(await db.event.count({ where: { tenantId, type: "chat.trashed" } })).toBe(232);

  // Who has restored a chat and trashed it anew meant something else.
  await restoreChat(ctx, { chatId: held });
  await trashChat(ctx, { chatId: held });
  const undo = await undoDeletionJob(ctx, { jobId: job.id });
  expect(undo).toMatchObject({ kind: "restore", undoOf: job.id });
  expect((await finish(ctx, undo.id)).counts).toMatchObject({ moved: 230, failed: 0 });
  expect(await trashed()).toBe(2);
  const all = await createDeletionJob(ctx, { kind: "restore", filter: { state: "trashed" }, force: false });
  expect((await finish(ctx, all.id)).counts).toMatchObject({ moved: 2 });
  expect(await db.event.count({ where: { tenantId, type: "chat.restored" } })).toBe(233);
  expect(await db.deletion.count({ where: { tenantId } })).toBe(0);
});

it("stops where it is when it is undone, and comes back to what somebody else has locked", async () => {
  const ctx = await world.tenant();
  const { db, tenantId } = ctx;
  await manyChats(ctx, 100);
  const job = await createDeletionJob(ctx, { kind: "trash", filter: every, force: false });
  const step = () => runStep(db, { tenantId, jobId: job.id }, { size: 30 });
  await step();
  const [locked] = await db.chat.findMany({ where: { tenantId }, orderBy: { id: "asc" }, take: 1 });
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM chat WHERE tenant_id = ${tenantId}::uuid AND id = ${locked?.id}::uuid FOR UPDATE`;
    expect(await step()).toMatchObject({ state: "more", done: 29, deleted: 0, locked: [locked?.id] });
  });
  expect(await step()).toMatchObject({ done: 30, locked: [] });
  const undo = await undoDeletionJob(ctx, { jobId: job.id });
  expect(await db.deletionJob.findFirst({ where: { id: job.id } })).toMatchObject({
    state: "cancelled",
    moved: 59,
  });
  expect((await finish(ctx, undo.id)).counts).toMatchObject({ moved: 59 });
  expect(await codeOf(undoDeletionJob(ctx, { jobId: undo.id }))).toBe("CONFLICT");
});

it("deletes only what was exported after a time and is still that, by a filter and by ids", async () => {
  const ctx = await world.tenant();
  await manyChats(ctx, 5, { messages: 1 });
  const archive = await exportChats(ctx, { chats: { filter: every }, format: "json" });
  await takeAll(archive);
  const [one, two] = await ctx.db.chat.findMany({ where: { tenantId: ctx.tenantId }, select: { id: true } });
  const [first = "", second = ""] = [one?.id, two?.id];
  await createMessage(ctx, { chatId: first, author: "Ada", body: "one more" });
  await createChat(ctx, { title: "never exported" });
  const exportedAfter = archive.asOf;
  const byIds = await bulkDelete(ctx, { chatIds: [first, second], force: false, exportedAfter });
  expect(byIds).toMatchObject([
    { outcome: "changed" },
    { outcome: "deleted", exportChecksum: expect.any(String) },
  ]);
  const later = await createDeletionJob(ctx, {
    filter: { ...every, exportedAfter: new Date() },
    force: false,
  });
  expect((await finish(ctx, later.id)).counts).toMatchObject({ deleted: 0 });
  const job = await createDeletionJob(ctx, { filter: { ...every, exportedAfter }, force: false });
  expect((await finish(ctx, job.id)).counts).toMatchObject({ deleted: 3 });
  const lines = await ctx.db.deletion.findMany({ where: { tenantId: ctx.tenantId } });
  expect(lines.map(({ exportChecksum }) => exportChecksum)).not.toContain(null);
  expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(2);
});

async function takeAll({ chunks }: ChatArchive): Promise<void> {
  while (!(await chunks.next()).done);
}
