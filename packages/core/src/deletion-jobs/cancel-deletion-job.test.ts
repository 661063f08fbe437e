import { describe, expect, it } from "vitest";
import { finish, manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import { cancelDeletionJob, createDeletionJob, getDeletionJob } from "../index.ts";
import { runStep } from "./run-step.ts";

const world = useWorld();
const filter = { state: "active" as const, q: "chat" };

describe("cancelling a deletion job", () => {
  it("says exactly what was done, also while steps are under way", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 2_000, { messages: 5 });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const ref = { tenantId: ctx.tenantId, jobId };
    const there = world.anotherClient();
    const begun = Promise.withResolvers<void>();
    const work = async () => {
      for (let deleted = 0; ; ) {
        const step = await runStep(there, ref, { size: 100 });
        if (step.state === "ended") return;
        deleted += step.deleted;
        if (deleted > 100) begun.resolve();
      }
    };
    const working = work();
    await Promise.race([begun.promise, working]);
    const [job] = await Promise.all([cancelDeletionJob(ctx, { jobId }), working]);
    expect(job.counts.deleted).toBeLessThan(2_000);
    expect(job).toMatchObject({ state: "cancelled", filter: { q: null }, cancelRequested: true });
    expect(await getDeletionJob(ctx, { jobId })).toEqual(job);
    const { tenantId } = ctx;
    expect(await ctx.db.deletion.count({ where: { tenantId } })).toBe(job.counts.deleted);
    expect(await ctx.db.chat.count({ where: { tenantId } })).toBe(2_000 - job.counts.deleted);
    expect(await ctx.db.event.count({ where: { tenantId, type: "deletion_job.finished" } })).toBe(1);
  });

  it("ends a step between its statements, without a deletion", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 20);
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const ref = { tenantId: ctx.tenantId, jobId };
    await runStep(ctx.db, ref, { size: 50 });
    // The step waits for the chats' table before it can match, and is cancelled while it does.
    const other = world.anotherClient();
    let step: ReturnType<typeof runStep> | undefined;
    await other.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE chat IN ACCESS EXCLUSIVE MODE`;
      step = runStep(ctx.db, ref, { size: 50 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      await other.$executeRaw`
        UPDATE deletion_job SET cancel_requested_at = now() WHERE id = ${jobId}::uuid`;
    });
    expect(await step).toMatchObject({ state: "ended", deleted: 0 });
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({ state: "cancelled", processed: 0 });
    expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(20);
  });

  it("leaves a job that has ended as it is", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 2);
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const job = await finish(ctx, jobId);
    expect(await cancelDeletionJob(ctx, { jobId })).toEqual(job);
    expect(job).toMatchObject({ state: "finished", cancelRequested: false });
  });
});
