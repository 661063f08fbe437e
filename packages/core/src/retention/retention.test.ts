import { describe, expect, it, onTestFinished } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { finish, manyChats } from "../../test/many-chats.ts";
import { connect, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  getDeletionJob,
  holdChat,
  listDeletionJobs,
  listDeletions,
  previewRetention,
  startBackground,
  trashChat,
  updateSettings,
} from "../index.ts";
import { startDueRetention } from "./retention.ts";

const world = useWorld();

/** Has every chat of a tenant fall silent some days ago. */
const age = (ctx: Context, days: number) => ctx.db.$executeRaw`
  UPDATE chat SET updated_at = now() - ${days}::integer * interval '1 day' WHERE tenant_id = ${ctx.tenantId}::uuid`;
const chat = async (ctx: Context) => (await createChat(ctx, { title: "t" })).id;
const letPass = (ctx: Context, minutes: number) => ctx.db.$executeRaw`
  UPDATE tenant SET retention_ran_at = retention_ran_at - ${minutes}::integer * interval '1 minute'
  WHERE tenant_id = ${ctx.tenantId}::uuid`;
const jobsOf = async (ctx: Context) => (await listDeletionJobs(ctx, { limit: 100 })).items;
const due = async (ctx: Context) =>
  (await startDueRetention(world.db)).filter(({ tenantId }) => tenantId === ctx.tenantId);

describe("retention", () => {
  it("deletes what has been silent for longer, and leaves the rest, the held, the open and the trash", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 20, { messages: 1 });
    const [held, live, trashed] = [await chat(ctx), await chat(ctx), await chat(ctx)];
    await age(ctx, 31);
    await holdChat(ctx, { chatId: held, reason: "a trial" });
    await connect(ctx, live, await world.gateway());
    await trashChat(ctx, { chatId: trashed });
    const recent = await chat(ctx);
    expect(await due(ctx)).toEqual([]);
    await updateSettings(ctx, { retentionDays: 30 });
    expect(await previewRetention(ctx, { retentionDays: 30 })).toMatchObject({
      matched: 22,
      blockers: { activeConnections: 1, onHold: 1 },
    });
    const [ref] = await due(ctx);
    const job = await finish(ctx, ref?.jobId ?? "");
    expect(job).toMatchObject({
      kind: "retention",
      actor: { kind: "system", id: "retention" },
      counts: { deleted: 20, on_hold: 1, active_connections: 1 },
    });
    const left = await ctx.db.chat.findMany({ where: { tenantId: ctx.tenantId } });
    expect(left.map(({ id }) => id).toSorted()).toEqual([held, live, trashed, recent].toSorted());
    expect((await listDeletions(ctx, { limit: 1 })).items).toMatchObject([
      { via: "retention", actor: { kind: "system", id: "retention" } },
    ]);
  });

  it("makes a job once an hour at most, and only if there is something that it may delete", async () => {
    const ctx = await world.tenant();
    await updateSettings(ctx, { retentionDays: 1 });
    expect(await due(ctx)).toEqual([]);
    const held = await chat(ctx);
    await holdChat(ctx, { chatId: held, reason: "a trial" });
    await age(ctx, 2);
    await letPass(ctx, 61);
    expect(await due(ctx)).toEqual([]);
    await chat(ctx);
    await age(ctx, 2);
    await letPass(ctx, 59);
    expect(await due(ctx)).toEqual([]);
    await letPass(ctx, 2);
    const both = await Promise.all([startDueRetention(world.db), startDueRetention(world.anotherClient())]);
    expect(both.flat().filter(({ tenantId }) => tenantId === ctx.tenantId)).toHaveLength(1);
    await letPass(ctx, 61);
    expect(await due(ctx)).toEqual([]);
    expect(await jobsOf(ctx)).toHaveLength(1);
  });

  it("stops when somebody turns it off, and follows who asks for more days", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 4);
    await age(ctx, 20);
    await updateSettings(ctx, { retentionDays: 10 });
    const [first] = await due(ctx);
    await updateSettings(ctx, { retentionDays: 30 });
    expect(await finish(ctx, first?.jobId ?? "")).toMatchObject({ state: "finished", processed: 0 });
    await updateSettings(ctx, { retentionDays: 10 });
    await letPass(ctx, 61);
    const [second] = await due(ctx);
    await updateSettings(ctx, { retentionDays: null });
    expect(await finish(ctx, second?.jobId ?? "")).toMatchObject({ state: "cancelled", processed: 0 });
    expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(4);
  });

  it("runs by itself", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 5);
    await age(ctx, 9);
    await updateSettings(ctx, { retentionDays: 8 });
    const background = startBackground({ db: world.db, log: silentLog });
    onTestFinished(() => background.close());
    await expect.poll(async () => (await jobsOf(ctx))[0]?.state).toBe("finished");
    const [job] = await jobsOf(ctx);
    expect(await getDeletionJob(ctx, { jobId: job?.id ?? "" })).toMatchObject({ counts: { deleted: 5 } });
  });
});
