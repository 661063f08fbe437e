import { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { manyChats } from "../../test/many-chats.ts";
import { turnOf, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createDeletionJob,
  getDeletionJob,
  holdChat,
  listDeletionJobFailures,
} from "../index.ts";
import { createJobRunner } from "./deletion-job-tasks.ts";
import { readJobBacklog } from "./read-job-backlog.ts";
import { runStep } from "./run-step.ts";

const world = useWorld();
const filter = { state: "active" as const, q: "chat" };

/** A turn of the tenant's jobs. */
async function work(ctx: Context, turnMs = 60_000) {
  const deleted: number[] = [];
  let failed = 0;
  const run = createJobRunner({
    db: ctx.db,
    log: silentLog,
    onDeleted: (chats) => deleted.push(chats),
    onJobFailed: () => {
      failed += 1;
    },
  });
  const { more } = await run(ctx.tenantId, turnOf(turnMs));
  return { more, deleted: deleted.reduce((sum, chats) => sum + chats, 0), ...(failed > 0 && { failed }) };
}

/** Has a table refuse rows that hold a text, for the length of a test. */
async function sabotage(table: string, text: string, use: () => Promise<void>) {
  const name = Prisma.raw(`sabotage_${table}`);
  const body = `BEGIN IF coalesce(NEW, OLD)::text LIKE '%${text}%' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN NEW; END`;
  await world.db.$executeRaw`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$$ ${body} $$`)}`;
  await world.db.$executeRaw`
    CREATE TRIGGER ${name} BEFORE INSERT ON ${Prisma.raw(table)} FOR EACH ROW EXECUTE FUNCTION ${name}()`;
  try {
    await use();
  } finally {
    await world.db.$executeRaw`DROP FUNCTION ${name} CASCADE`;
  }
}

describe("working on deletion jobs", () => {
  it("goes on where another turn ended, and says what it has deleted", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 400, { messages: 2 });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    let turns = 0;
    let deleted = 0;
    for (let more = true; more; turns += 1) {
      const turn = await work(ctx, 1);
      deleted += turn.deleted;
      more = turn.more;
    }
    expect(turns).toBeGreaterThan(2);
    expect(deleted).toBe(400);
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "finished",
      counts: { deleted: 400 },
    });
  });

  it("leaves the one chat that the database refuses to delete, and deletes the others", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 100);
    const { id: chatId } = await createChat(ctx, { title: "a poisoned chat" });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    await sabotage("deletion", chatId, async () => {
      expect(await work(ctx)).toEqual({ more: false, deleted: 100 });
    });
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "finished",
      counts: { deleted: 100, failed: 1 },
    });
    expect((await listDeletionJobFailures(ctx, { jobId, limit: 9 })).items).toMatchObject([
      { chatId, outcome: "failed" },
    ]);
  });

  it("skips what somebody has locked and comes back to it, and notes each chat once", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 60);
    const { db, tenantId } = ctx;
    const chats = await db.chat.findMany({
      where: { tenantId },
      orderBy: { id: "asc" },
      select: { id: true },
    });
    const [first = "", middle = "", held = ""] = [0, 30, 50].map((index) => chats[index]?.id);
    await holdChat(ctx, { chatId: held, reason: "a trial" });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const working = await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`
        SELECT 1 AS one FROM chat
        WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[first, middle]}::uuid[]) FOR UPDATE`;
      const turn = work(ctx);
      await expect.poll(() => db.chat.count({ where: { tenantId } })).toBe(3);
      return { done: turn };
    });
    expect(await working.done).toEqual({ more: false, deleted: 59 });
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "finished",
      processed: 60,
      counts: { deleted: 59, on_hold: 1, failed: 0 },
    });
  });

  it("leaves a chat that stays locked, and notes that it failed", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 3);
    const { db, tenantId } = ctx;
    const { id: chatId } = await createChat(ctx, { title: "a chat that somebody keeps" });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const ref = { tenantId, jobId };
    await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 AS one FROM chat WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid FOR UPDATE`;
      await runStep(db, ref, { size: 9 });
      expect(await runStep(db, ref, { size: 9 })).toEqual({
        state: "more",
        done: 3,
        deleted: 3,
        locked: [chatId],
      });
      const noWait = { size: 9, canWait: () => false };
      expect(await runStep(db, ref, noWait)).toEqual({ state: "ended", done: 0, deleted: 0, locked: [] });
    });
    expect((await listDeletionJobFailures(ctx, { jobId, limit: 9 })).items).toMatchObject([
      { chatId, outcome: "failed" },
    ]);
  });

  it("gives a job up that the database refuses to go on with, and says so", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 3);
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const { open, oldestMs } = await readJobBacklog(ctx.db);
    expect([open, oldestMs]).toEqual([1, expect.toSatisfy((ms) => ms >= 0)]);
    await sabotage("deletion", ctx.tenantId, () =>
      sabotage("deletion_job_failure", ctx.tenantId, async () => {
        expect(await work(ctx)).toEqual({ more: false, deleted: 0, failed: 1 });
      }),
    );
    expect(await readJobBacklog(ctx.db)).toEqual({ open: 0, oldestMs: null });
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "failed",
      error: expect.stringContaining("log"),
      processed: 0,
    });
  });
});
